"""« Réponses types »: replies that their authors rewrote for colleagues of all territories."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.tables import Referent, SharedReply


def share(
    session: Session,
    author: Referent,
    *,
    title: str,
    text: str,
    territory: str | None,
    theme: str | None,
    now: datetime,
) -> SharedReply:
    shared = SharedReply(
        title=title, text=text, author_id=author.id, territory=territory, theme=theme, shared_at=now
    )
    session.add(shared)
    session.flush()
    return shared


def everything(session: Session) -> Sequence[SharedReply]:
    """All of them, the most used first."""
    return session.scalars(select(SharedReply).order_by(SharedReply.uses.desc(), SharedReply.id.desc())).all()


def get(session: Session, shared_id: int) -> SharedReply | None:
    return session.get(SharedReply, shared_id)


def used(session: Session, ids: Collection[int]) -> None:
    """Counts one more reply that was sent with each of them."""
    session.execute(update(SharedReply).where(SharedReply.id.in_(ids)).values(uses=SharedReply.uses + 1))


def withdraw(session: Session, shared_id: int, by: Referent, *, any_author: bool) -> bool:
    """Erases one of `by`'s own, or of `any_author`; False when there is none such."""
    wanted = delete(SharedReply).where(SharedReply.id == shared_id)
    if not any_author:
        wanted = wanted.where(SharedReply.author_id == by.id)
    return session.scalar(wanted.returning(SharedReply.id)) is not None
