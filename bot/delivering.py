"""Deliveries: messages of the outbox go to their senders, and how each ended is written down."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.delivery import (
    DeliveryError,
    Moved,
    Overtaken,
    Paused,
    Refused,
    Sender,
    Unavailable,
    Uncertain,
    Unreachable,
    looking_back,
    still_ours,
)
from bot.hands import Hands, Wake
from bot.keeping import Keeping
from bot.together import Together
from handlers import outcome, trouble
from handlers.turn import Turn, World
from storage import gates, leases, outbox, sending, signals
from storage.database import Database, DatabaseUnavailable
from storage.outbox import Delivered, Parcel

log = structlog.get_logger(__name__)

LOOK_AGAIN = 1.0
"""Seconds between two looks for what dead processes were sending."""
DOUBTED = 1.0
"""Seconds from the claim to the first byte: who was stopped meanwhile asks whether others have taken over."""
OLDEST = timedelta(hours=24)
"""A message that could not be delivered for this long is shown as failed to its author."""


@dataclass(slots=True, kw_only=True)
class Delivering:
    """What sends; `worker.Worker` keeps it going."""

    database: Database
    world: Callable[[], World]
    clock: Callable[[], datetime]
    senders: Mapping[str, Sender]
    paces: Mapping[str, gates.Pace]
    wake: Wake
    keeping: Keeping[Parcel] = field(init=False)
    hands: Hands[Parcel] = field(init=False)
    _next_look: float = 0.0
    _arrived: Together[Delivered, bool] = field(init=False)

    def __post_init__(self) -> None:
        self.keeping = Keeping(self._renew, lease_ms=sending.LEASE_MS)
        self.hands = Hands(self._claim, self.keeping.around(self.deliver), self.wake)
        self._arrived = Together(self._note_arrived)

    def claim(self, session: Session, room: int) -> list[Parcel]:
        """Messages whose gates are open, channel by channel; to be given to `hands` once it is committed."""
        found: list[Parcel] = []
        for channel in self.senders if room else ():
            pace = self.paces.get(channel)
            found += outbox.claim(session, channel, limit=room - len(found), pace=pace)
        if len(found) < room:
            signals.taken_outbox(session)
        return found

    async def empty(self) -> None:
        """Returns once what is in hand has ended or was given up, and all that arrived is written down."""
        await self.hands.empty()
        await self._arrived.empty()  # who gave up waiting for it has sent all the same

    async def deliver(self, parcel: Parcel) -> bool:
        """One message; its receipt, or what to do about its failure, is written down.

        Returns whether something may wait for it to end.
        """
        sender = self.senders[parcel.channel]
        payload = {**parcel.payload, "key": str(parcel.id)}
        try:
            with looking_back(partial(self._look_back, parcel)):
                await still_ours()  # not every channel knows its last moment
                receipt = await sender.deliver(parcel.lane, payload, repeated=parcel.repeated)
        except DeliveryError as error:
            await self._not_delivered(parcel, error)
        except Exception as error:  # the border: a sender's defect must not stop the others' messages
            log.exception("sender_failed", message=parcel.id)
            await self._not_delivered(parcel, Uncertain(type(error).__name__))
        except asyncio.CancelledError:  # we stop before the answer came: whoever goes on says it again
            await self._note(lambda session, _: outbox.put_back(session, parcel, uncertain=True))
            raise
        else:
            return await self._arrived(Delivered(parcel, receipt.external_id))
        return True

    async def _claim(self, room: int, _idle: bool) -> list[Parcel]:
        look = time.monotonic() >= self._next_look
        if look:
            self._next_look = time.monotonic() + LOOK_AGAIN
        return await self.database.write(lambda session: self._found(session, room, look))

    def _found(self, session: Session, room: int, look: bool) -> list[Parcel]:
        if look:
            outbox.note_dead(session)
        return self.claim(session, room)

    async def _not_delivered(self, parcel: Parcel, error: DeliveryError) -> None:
        log.warning(
            "message_not_delivered", message=parcel.id, why=type(error).__name__, reason=error.reason[:200]
        )
        match error:
            case Paused(seconds=seconds, scope=scope):
                await self._note(lambda session, _: _pause(session, parcel, scope, seconds))
            case Moved(new_address=address):
                await self._note(lambda session, _: outcome.moved(session, parcel, address))
            case Unreachable(reason=reason):
                await self._note(
                    lambda session, now: outcome.unreachable(self._turn(session, now), parcel, reason)
                )
            case Refused(reason=reason):
                await self._note(
                    lambda session, now: outcome.failed(self._turn(session, now), parcel, reason)
                )
            case Overtaken():
                pass
            case Unavailable() | Uncertain():
                await self._note(lambda session, now: self._wait(session, now, parcel, error))
            case _:
                raise AssertionError(f"unknown delivery error {type(error).__name__}")

    def _wait(self, session: Session, now: datetime, parcel: Parcel, error: Unavailable | Uncertain) -> None:
        """A gate closes for a while: the channel's, or the lane's alone when only one call failed.

        After a day the author is told instead.
        """
        if now - parcel.created_at > OLDEST:
            outcome.failed(self._turn(session, now), parcel, error.reason)
            return
        uncertain = isinstance(error, Uncertain)
        if isinstance(error, Unavailable) and error.kind == "token":
            trouble.note(self._turn(session, now), "token")
        gates.close(session, parcel.lane if uncertain else parcel.channel, reason=error.reason)
        outbox.put_back(session, parcel, uncertain=uncertain)

    def _turn(self, session: Session, now: datetime) -> Turn:
        return Turn(session=session, now=now, world=self.world())

    async def _look_back(self, parcel: Parcel) -> None:
        """Asks whether it still is ours, if there was time to lose it; unsure, nothing is sent."""
        if time.monotonic() - parcel.taken_at > DOUBTED and not await self._note(
            lambda session, _: leases.renew_parcels(session, [parcel])
        ):
            raise Overtaken("its lease ran out")

    async def _renew(self, held: list[Parcel]) -> None:
        await self.database.write(lambda session: leases.renew_parcels(session, held))

    async def _note_arrived(self, delivered: list[Delivered]) -> bool:
        """Whether more is to be sent to one of the same addresses, as far as that is known."""
        follows = await self._note(lambda session, now: _sent(session, now, delivered), soon=False)
        return follows is not False

    async def _note(self, work: Callable[[Session, datetime], Any], *, soon: bool = True) -> Any:
        """Writes down how a delivery ended; if that cannot be written, it is found « sending » later."""
        now = self.clock()
        with suppress(DatabaseUnavailable):
            return await self.database.write(lambda session: work(session, now), soon=soon)


def _sent(session: Session, now: datetime, delivered: Sequence[Delivered]) -> bool:
    outbox.sent(session, delivered, now=now)
    lanes = {one.parcel.lane for one in delivered}
    gates.open_again(session, lanes | {one.parcel.channel for one in delivered})
    return any(outbox.waits(session, lane) for lane in lanes)


def _pause(session: Session, parcel: Parcel, scope: str, seconds: float) -> None:
    gates.close(session, scope, reason="told to slow down", for_ms=int(seconds * 1000))
    outbox.put_back(session, parcel)
