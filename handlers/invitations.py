"""How a referent's Telegram account is linked: an invitation, its use, an administrator's confirmation.

invited ──/start invite-… (48 h, once)──▶ used by an account ──administrator──▶ linked | refused
"""

from datetime import timedelta

from handlers import audit, menus
from handlers.audit import Action
from handlers.delivery import Option, notify, say
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import contacts, directory, secrets
from storage.rights import Right, may
from storage.tables import Referent, Secret

LASTS = timedelta(hours=48)


def invite(turn: Turn, referent: Referent, *, by: Referent | None = None) -> str:
    """A payload for `/start`; the one before it is void."""
    secrets.revoke_all(turn.session, "invitation", referent_id=referent.id)
    token = secrets.new(turn.session, "invitation", now=turn.now, lasts=LASTS, referent_id=referent.id)
    audit.note(turn, by, Action.INVITED, "referent", referent.id)
    return f"invite-{token}"


def accept(turn: Turn, address: str, token: str) -> Referent | Refused:
    """An account used an invitation: nothing is allowed yet, administrators are asked."""
    channel, _, account = address.partition(":")
    if channel != "telegram":
        return refused("invitation.void")
    if directory.by_telegram(turn.session, int(account)) is not None:
        return refused("invitation.account_known")
    secret = secrets.use(turn.session, "invitation", token, now=turn.now)
    referent = directory.get(turn.session, secret.referent_id) if secret and secret.referent_id else None
    if secret is None or referent is None:
        return refused("invitation.void")
    secret.detail = {"account": int(account), "state": "used"}
    turn.session.flush()
    text = turn.texts("invitation.ask", name=referent.name, account=account)
    given: dict[str, str | int] = {"invitation": secret.hash}
    options = [Option("confirm_account", given), Option("refuse_account", given)]
    for admin in directory.administrators(turn.session):
        notify(
            turn,
            admin,
            text,
            options,
            mail_key="mail.invitation",
            name=referent.name,
            url=f"{turn.world.public_url}/console/annuaire",
        )
    return referent


def waiting(turn: Turn) -> list[tuple[Secret, Referent]]:
    """Accounts that wait for an administrator."""
    found = []
    for secret in secrets.used(turn.session, "invitation"):
        referent = directory.get(turn.session, secret.referent_id) if secret.referent_id else None
        if referent is not None and (secret.detail or {}).get("state") == "used":
            found.append((secret, referent))
    return found


def confirm(turn: Turn, admin: Referent, invitation: str) -> bool:
    """Links the account to the referent; False if this is not (or no longer) to be decided by them."""
    found = _undecided(turn, admin, invitation)
    if found is None:
        return False
    secret, referent = found
    account = int((secret.detail or {})["account"])
    if directory.by_telegram(turn.session, account) is not None:
        return False
    referent.telegram_id = account
    secret.detail = {"account": account, "state": "confirmed", "by": admin.id}
    turn.session.flush()
    audit.note(turn, admin, Action.CONFIRMED, "referent", referent.id)
    contacts.at(turn.session, f"telegram:{account}", now=turn.now).informed_at = turn.now
    notify(turn, referent, turn.texts("invitation.welcome", name=referent.name))
    menus.refresh(turn, referent)
    return True


def refuse(turn: Turn, admin: Referent, invitation: str) -> bool:
    found = _undecided(turn, admin, invitation)
    if found is None:
        return False
    secret, referent = found
    audit.note(turn, admin, Action.REFUSED, "referent", referent.id)
    detail = secret.detail or {}
    secret.detail = {**detail, "state": "refused", "by": admin.id}
    account = contacts.by_address(turn.session, f"telegram:{detail['account']}")
    if account is not None:
        say(turn, account, "invitation.not_confirmed")
    return True


def _undecided(turn: Turn, admin: Referent, invitation: str) -> tuple[Secret, Referent] | None:
    if not may(admin, Right.DIRECTORY):
        return None
    return next(((s, r) for s, r in waiting(turn) if s.hash == invitation), None)
