"""How referents get into the console: a one-time link, then a session that can be ended."""

from datetime import timedelta

from handlers import audit
from handlers.audit import Action
from handlers.delivery import send_mail
from handlers.turn import Turn
from storage import directory, secrets
from storage.tables import Referent

LINK_LASTS = timedelta(minutes=10)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
LINKS_AN_HOUR = 5


def link(turn: Turn, referent: Referent, *, lasts: timedelta = LINK_LASTS) -> str:
    """A one-time link to the console."""
    token = secrets.new(turn.session, "login", now=turn.now, lasts=lasts, referent_id=referent.id)
    return f"{turn.world.public_url}/console/login/{token}"


def send_link(turn: Turn, email: str) -> None:
    """Mails a link if the address is a referent's; whoever asks learns nothing either way."""
    referent = directory.by_email(turn.session, email)
    if referent is None or referent.email is None or not turn.world.mail:
        return
    made = secrets.made_since(turn.session, "login", referent.id, since=turn.now - timedelta(hours=1))
    if made < LINKS_AN_HOUR:
        send_mail(turn, referent.email, "mail.login", purpose="login", url=link(turn, referent))


def usable(turn: Turn, token: str) -> bool:
    """Whether a link would open the console now; looking does not use it."""
    return secrets.find(turn.session, "login", token, now=turn.now) is not None


def enter(turn: Turn, token: str) -> str | None:
    """Uses a link; the token of the new session, or None if the link is used, expired or unknown."""
    secret = secrets.use(turn.session, "login", token, now=turn.now)
    known = secret.referent_id if secret is not None else None
    referent = directory.get(turn.session, known) if known is not None else None
    if referent is None:
        return None
    audit.note(turn, referent, Action.ENTERED)
    return secrets.new(turn.session, "console", now=turn.now, lasts=LONGEST, referent_id=referent.id)


def visitor(turn: Turn, token: str, *, active: bool = True) -> Referent | None:
    """Who is behind a console session; None when it was idle too long, ended, or its referent removed.

    `active` counts as being there; without it nothing is written.
    """
    secret = secrets.find(turn.session, "console", token, now=turn.now)
    if secret is None or secret.referent_id is None or turn.now - secret.seen_at > IDLE:
        return None
    referent = directory.get(turn.session, secret.referent_id)
    if referent is not None and active:
        secrets.touch(secret, now=turn.now)
    return referent


def time_left(turn: Turn, token: str) -> timedelta:
    """How long a console session lasts if nothing happens in it."""
    secret = secrets.find(turn.session, "console", token, now=turn.now)
    if secret is None:
        return timedelta()
    return max(timedelta(), min(secret.seen_at + IDLE, secret.expires_at) - turn.now)


def leave(turn: Turn, token: str) -> None:
    secrets.revoke(turn.session, token)


def sign_out(turn: Turn, referent: Referent, token: str, *, everywhere: bool) -> None:
    """The referent leaves, here or everywhere."""
    audit.note(turn, referent, Action.LEFT, detail="all" if everywhere else None)
    if everywhere:
        leave_everywhere(turn, referent)
    leave(turn, token)


def leave_everywhere(turn: Turn, referent: Referent) -> None:
    secrets.revoke_all(turn.session, "console", referent_id=referent.id)
