"""Word to the administrators that the robot itself needs somebody's hands."""

from handlers.delivery import notify
from handlers.turn import Turn
from knowledge.markup import plain
from storage import directory, queue

_SENTENCES = {
    "outage": "trouble.outage",
    "set_aside": "trouble.set_aside",
    "token": "trouble.token",
    "receiver": "trouble.receiver",
}


def note(turn: Turn, matter: str, **fields: str) -> None:
    """Asks for a word about a matter: once a day, however often and by however many processes it is seen."""
    queue.put_timer(
        turn.session,
        key=f"trouble:{matter}:{turn.today}",
        lane=f"trouble:{matter}",
        kind="trouble",
        now=turn.now,
        due_at=turn.now,
        matter=matter,
        **fields,
    )


def tell(turn: Turn, matter: str, **fields: str | int) -> None:
    """Tells every administrator, by the ways they chose."""
    text = turn.texts(_SENTENCES[matter], **fields)
    for referent in directory.administrators(turn.session):
        notify(
            turn,
            referent,
            text,
            mail_key="mail.trouble",
            purpose="alert",
            what=plain(text),
            url=f"{turn.world.public_url}/console",
        )
