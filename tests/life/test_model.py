"""Anything in any order: after each step the database, and what everybody was told, are as the model says."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from handlers import ending, referent, reopening, routing, transfer
from handlers.errors import Refused
from handlers.turn import Turn, World
from storage import directory, offers
from storage.tables import OutboxItem, Referent, Table, Ticket, Transcript
from tests.life import scene
from tests.life.model import PEOPLE, PLACES, Demand
from tests.shelf import shipped

SOMEBODY = st.sampled_from(PEOPLE)
ANY_PLACE = st.sampled_from(PLACES)


@cache
def around() -> World:
    return scene.world(shipped().base)


@cache
def beginning() -> tuple[Session, scene.Kept]:
    """One database for all runs, and the rows that each begins with: a demand that waits."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Table.metadata.create_all(engine)
    session = Session(engine)
    scene.begin(Turn(session=session, now=scene.START, world=around()), "waiting")
    return session, scene.keep(session)


class LifeMachine(RuleBasedStateMachine):
    """Each rule does one thing to the demand and to its model, a second after the one before."""

    @initialize()
    def open(self) -> None:
        self.session, kept = beginning()
        self.session.expunge_all()
        scene.restore(self.session, kept)
        self.number = self.session.scalars(select(Ticket.number)).one()
        self.demand = Demand()
        self.demand.begin()
        self.rounds = [("first", 0)]
        self.answers: list[int] = []

    @rule(who=SOMEBODY, over=st.booleans())
    def takes(self, who: str, over: bool) -> None:
        turn = self._next()
        self._same(
            referent.take(turn, self._who(who), self.number, over=over), self.demand.take(who, over=over)
        )

    @rule(who=SOMEBODY)
    def replies(self, who: str) -> None:
        turn = self._next()
        self._same(referent.reply(turn, self._who(who), self.number, "Voici."), self.demand.reply(who))
        if self.demand.answered_at == self.demand.now:
            self.answers.append(self.demand.now)

    @rule(who=SOMEBODY)
    def closes(self, who: str) -> None:
        turn = self._next()
        self._same(referent.close(turn, self._who(who), self.number), self.demand.close(who))

    @rule(who=SOMEBODY)
    def takes_up_again(self, who: str) -> None:
        turn = self._next()
        self._same(reopening.reopen(turn, self._who(who), self.number), self.demand.take_up(who))

    @rule(who=SOMEBODY, place=ANY_PLACE)
    def passes_on(self, who: str, place: str) -> None:
        turn = self._next()
        outcome = transfer.pass_on(turn, self._who(who), self.number, place, note="une note")
        self._same(outcome, self.demand.pass_on(who, place))

    @rule(who=SOMEBODY, colleague=SOMEBODY)
    def hands_over(self, who: str, colleague: str) -> None:
        turn = self._next()
        outcome = transfer.pass_on(turn, self._who(who), self.number, colleague)
        self._same(outcome, self.demand.hand_to(who, colleague))

    @rule(who=SOMEBODY, place=ANY_PLACE)
    def corrects_the_place(self, who: str, place: str) -> None:
        turn = self._next()
        outcome = transfer.correct_territory(turn, self._who(who), self.number, place)
        self._same(outcome, self.demand.relocate(who, place))

    @precondition(lambda self: self.demand.is_open)
    @rule()
    def asker_writes(self) -> None:
        self._asker("asker writes", self.demand.write)

    @precondition(lambda self: not self.demand.forgotten)
    @rule()
    def asker_says_solved(self) -> None:
        self._asker("asker says solved", self.demand.confirm)

    @precondition(lambda self: not self.demand.forgotten)
    @rule()
    def asker_says_not_yet(self) -> None:
        self._asker("asker says not yet", self.demand.deny)

    @precondition(lambda self: not self.demand.forgotten)
    @rule()
    def asker_blocks(self) -> None:
        self._asker("asker blocks", self.demand.lose)

    @precondition(lambda self: not self.demand.forgotten)
    @rule()
    def asker_returns(self) -> None:
        self._asker("asker returns", self.demand.find)

    @precondition(lambda self: not self.demand.forgotten and self.demand.now > 12)  # not at once
    @rule()
    def asker_is_forgotten(self) -> None:
        self._asker("asker is forgotten", self.demand.forget)

    @rule(which=st.integers(0, 20))
    def a_notice_is_due(self, which: int) -> None:
        turn, (stage, at) = self._next(), self.rounds[which % len(self.rounds)]
        routing.check_notice(turn, self.number, stage, since=_at(at))
        self.demand.notice_is_due((stage, at))

    @precondition(lambda self: self.answers)
    @rule(which=st.integers(0, 20))
    def a_silence_is_over(self, which: int) -> None:
        turn, at = self._next(), self.answers[which % len(self.answers)]
        ending.assume(turn, self.number, _at(at))
        self.demand.silence_is_over(at)

    @invariant()
    def the_database_is_as_the_model_says(self) -> None:
        if not hasattr(self, "demand"):
            return
        self.session.flush()
        demand, ticket = self.demand, self.session.scalars(select(Ticket)).one()
        if demand.round is not None and demand.round not in self.rounds:
            self.rounds.append(demand.round)
        holder = directory.name_of(self.session, ticket.referent_id)
        assert (ticket.state, holder, ticket.territory) == (demand.state, demand.holder, demand.territory)
        assert ticket.solution == demand.solution
        assert {one.name for one in offers.told(self.session, self.number)} == set(demand.told)

    @invariant()
    def everybody_was_told_exactly_what_they_should(self) -> None:
        if not hasattr(self, "demand"):
            return
        names = {f"telegram:{one.telegram_id}": one.name for one in self.session.scalars(select(Referent))}
        messages = select(OutboxItem.lane).where(OutboxItem.purpose != "menu")
        told = Counter(names[lane] for lane in self.session.scalars(messages) if lane in names)
        assert told == self.demand.notices
        sent = select(func.count()).select_from(OutboxItem).where(OutboxItem.purpose == "reply")
        assert self.session.scalar(sent) == self.demand.replies
        if not self.demand.forgotten:
            said = (
                select(func.count())
                .select_from(Transcript)
                .where(Transcript.ticket_number == self.number, Transcript.author == "visitor")
            )
            assert self.session.scalar(said) == self.demand.written

    def _next(self) -> Turn:
        self.demand.now += 1
        return Turn(session=self.session, now=_at(self.demand.now), world=around())

    def _who(self, name: str) -> Referent:
        found = directory.by_name(self.session, name)
        assert found is not None
        return found

    def _asker(self, act: str, in_the_model: Callable[[], None]) -> None:
        scene.do(self._next(), act)
        in_the_model()

    def _same(self, outcome: object, expected: str) -> None:
        assert (outcome.text if isinstance(outcome, Refused) else "done") == expected


def _at(second: int) -> datetime:
    return scene.START + timedelta(seconds=second)


TestLife = LifeMachine.TestCase
TestLife.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
