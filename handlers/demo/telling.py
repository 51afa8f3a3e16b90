"""A made-up year as rows: people, what was said, demands with their history, as retention leaves them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from handlers.demo import asking, sayings
from handlers.demo.asking import Asked
from handlers.demo.demands import Demand
from handlers.demo.partners import Partners
from handlers.demo.scene import Scene
from handlers.routing import territory_name
from knowledge.searching import words
from storage.demo import Rows
from storage.tables import (
    Contact,
    Question,
    Table,
    Ticket,
    TicketEvent,
    TicketNote,
    TicketOffer,
    TicketRead,
    TicketWords,
    Transcript,
)

NOBODY = 2**53
"""Telegram gives no account a number from here on: what is sent there arrives nowhere."""
_ORDER = (
    Contact,
    Question,
    Ticket,
    Transcript,
    TicketEvent,
    TicketOffer,
    TicketNote,
    TicketRead,
    TicketWords,
)
_OF_PARTNERS = ("partenaire", "collectivite")
Row = dict[str, Any]


@dataclass(slots=True)
class Telling:
    """Gathers the rows of questions and of the demands that came of them."""

    scene: Scene
    partners: Partners
    _rows: defaultdict[type[Table], list[Row]] = field(default_factory=lambda: defaultdict(list))
    _said: Iterator[int] = field(default_factory=lambda: count(1))

    def take(self) -> Rows:
        """What was gathered since the last time."""
        rows, self._rows = self._rows, defaultdict(list)
        return {table: rows[table] for table in _ORDER}

    def question(self, asked: Asked, demand: Demand | None) -> None:
        """A question, whoever asked it while they are known, and its demand."""
        known = asked.at > self._ago(self._keep.conversation) or (demand is not None and self._kept(demand))
        forgotten = asked.at < self._ago(self._keep.question)
        version = self.scene.turn.world.knowledge.hash
        row = asking.row(asked, asked.id if known else None, version)
        self._rows[Question].append(row | {"text": None} if forgotten else row)
        said = self._talk(asked, demand) if known else []
        if known:
            self._rows[Contact].append(self._contact(asked, demand, len(said)))
            self._rows[Transcript] += said
        if demand is not None:
            self._demand(demand, said if known else [])

    @property
    def _keep(self) -> Any:
        return self.scene.turn.world.retention

    def _ago(self, days: int) -> datetime:
        return self.scene.now - timedelta(days=days)

    def _kept(self, demand: Demand) -> bool:
        """Whether retention still knows whose it is."""
        return demand.closed_at is None or demand.closed_at > self._ago(self._keep.ticket)

    def _contact(self, asked: Asked, demand: Demand | None, said: int) -> Row:
        is_open = demand is not None and demand.closed_at is None
        account = NOBODY + asked.id if asked.channel == "telegram" else f"demo-{asked.id}"
        seen = (demand.again_at if demand is not None else None) or asked.at
        return {
            "id": asked.id,
            "address": f"{asked.channel}:{account}",
            "audience": asked.audience,
            "territory": asked.territory,
            "structure": self._structure(asked) if demand is not None else None,
            "state": {"question_id": asked.id, "ticket": asked.number if is_open else None},
            "last_seq": said,
            "informed_at": asked.at,
            "created_at": asked.at,
            "seen_at": seen,
        }

    def _structure(self, asked: Asked) -> str | None:
        if asked.audience not in _OF_PARTNERS:
            return None
        if asked.audience == "collectivite":
            return f"Mairie Démo, {territory_name(self.scene.turn, asked.territory)}"
        here = self.partners.get(asked.territory or "", ())
        return here[asked.id % len(here)].name if here else f"Structure Démo n° {asked.id % 97}"

    def _talk(self, asked: Asked, demand: Demand | None) -> list[Row]:
        """What was said, in order."""
        said: list[tuple[str, str, datetime]] = [("visitor", asked.text or "", asked.at)]
        if asked.shown is not None:
            said.append(("bot", asked.shown.answer_for(asked.audience), asked.at + timedelta(seconds=2)))
        if demand is not None:
            said += self._exchanged(demand)
        about = {"contact_id": asked.id, "ticket_number": demand.number if demand is not None else None}
        referent = demand.member.id if demand is not None else None
        return [
            {
                "id": next(self._said),
                "seq": seq,
                "author": author,
                "text": text,
                "markup": author == "bot",
                "at": at,
                "referent_id": referent if author == "referent" else None,
                "distress": asked.outcome == "distress" and author == "visitor",
                **about,
            }
            for seq, (author, text, at) in enumerate(said, 1)
            if text
        ]

    def _exchanged(self, demand: Demand) -> Iterator[tuple[str, str, datetime]]:
        chance = self.scene.chance
        if demand.replied_at is not None:
            yield "referent", chance.choice(sayings.REPLIES), demand.replied_at
        if demand.again_at is not None:
            yield "visitor", chance.choice(sayings.ASKED_AGAIN), demand.again_at
        if demand.solution == "confirmed" and demand.closed_at is not None:
            yield "visitor", chance.choice(sayings.THANKS), demand.closed_at

    def _demand(self, demand: Demand, said: Sequence[Row]) -> None:
        kept = self._kept(demand)
        heard = max((row["id"] for row in said if row["author"] == "visitor"), default=0)
        self._rows[Ticket].append(self._ticket(demand, heard, kept=kept))
        self._rows[TicketEvent] += self._events(demand)
        if not kept:
            return
        told = {"ticket_number": demand.number, "referent_id": demand.member.id}
        if demand.state == "waiting":
            self._rows[TicketOffer].append(told | {"stage": "first", "at": demand.opened_at})
        elif demand.again_at is None or demand.closed_at is not None:
            self._rows[TicketRead].append(told | {"seen_id": heard})
        noted = [self.scene.chance.choice(sayings.NOTES)] if self.scene.happens(0.1) else []
        self._rows[TicketNote] += [told | {"text": text, "at": demand.opened_at} for text in noted]
        spoken = [row["text"] for row in said if row["author"] != "bot"]
        text = "\n".join((*spoken, *noted, str(demand.number)))
        self._rows[TicketWords].append({"ticket_number": demand.number, "folded": words(text)})

    def _ticket(self, demand: Demand, heard: int, *, kept: bool) -> Row:
        asked, held = demand.asked, demand.state != "waiting"
        nearest = (asked.shown, *asked.near)
        opening = demand.member.opening
        waited = opening.open_time_between(demand.opened_at, demand.replied_at) if demand.replied_at else None
        erased = (demand.closed_at or self.scene.now) + timedelta(days=self._keep.ticket)
        return {
            "number": demand.number,
            "contact_id": asked.id if kept else None,
            "question_id": asked.id if kept else None,
            "state": demand.state,
            "audience": asked.audience,
            "territory": asked.territory,
            "structure": self._structure(asked) if kept else None,
            "theme": next((entry.theme for entry in nearest if entry is not None), None),
            "stage": "first" if asked.territory is not None else "national",
            "referent_id": demand.member.id if held else None,
            "opened_at": demand.opened_at,
            "taken_at": demand.taken_at,
            "first_reply_at": demand.replied_at,
            "answered_at": demand.replied_at,
            "closed_at": demand.closed_at,
            "promised_at": demand.opened_at if demand.owed else None,
            "near_at": demand.near_at if demand.owed else None,
            "due_at": demand.due_at if demand.owed else None,
            "reminded": "late" if demand.owed and demand.due_at < self.scene.now else None,
            "reply_minutes": round(waited.total_seconds() / 60) if waited is not None else None,
            "solved": True if demand.solution == "confirmed" else None,
            "solution": demand.solution,
            "helped": demand.helped,
            "helped_asked_at": demand.closed_at,
            "erased_at": None if kept else erased,
            "heard_id": heard,
        }

    def _events(self, demand: Demand) -> Iterator[Row]:
        first, member = demand.passed_from or demand.member, demand.member
        happened: list[tuple[datetime | None, str, int | None, str | None]] = [
            (demand.opened_at, "opened", None, None),
            (demand.opened_at, "routed", None, f"first: {first.name}"),
            (demand.taken_at if demand.passed_from else None, "passed", first.id, member.name),
            (demand.taken_at, "taken", member.id, None),
            (demand.late_at, "late", None, member.name),
            (demand.replied_at, "replied", member.id, None),
            (demand.again_at, "asked", None, None),
            (demand.closed_at, demand.solution or "closed", None, None),
        ]
        past = [one for one in happened if one[0] is not None and one[0] < self.scene.now]
        for at, what, who, detail in sorted(past, key=lambda one: (one[0] is None, one[0])):
            yield {
                "ticket_number": demand.number,
                "at": at,
                "what": what,
                "referent_id": who,
                "detail": detail,
            }
