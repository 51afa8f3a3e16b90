"""Drawing and judging answers, on both databases: each once, whoever does it at the same time."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import contacts, directory, outbox, quality, questions, repairs, showings, transcript
from storage.database import Database
from storage.quality import Verdict
from storage.tables import OutboxItem, Question, Reach, Referent

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = "2026-W48"
A, B, LONGER = "un-compte", "un-age", "un-compte-pro"
WORDS = "le bidule violet"


def hire(session: Session, role: str = "national", *codes: str) -> int:
    somebody = directory.add(session, name=role, role=role, national=False, email=None, now=MONDAY)
    directory.assign(session, somebody, codes)
    return somebody.id


def person(session: Session, referent_id: int) -> Referent:
    found = directory.get(session, referent_id)
    assert found is not None
    return found


def ask(
    session: Session,
    *given: str,
    address: str = "web:1",
    outcome: str = "answer",
    text: str | None = WORDS,
    territory: str | None = None,
    hours: float = 10,
) -> Question:
    """Somebody asked, and these entries were said at once."""
    contact = contacts.at(session, address, now=MONDAY)
    contact.territory = territory
    return questions.log(
        session,
        contact,
        at=MONDAY + timedelta(hours=hours),
        text=text,
        outcome=outcome,
        candidates=[{"id": one, "score": 90.0, "given": True} for one in given] + [{"id": B, "score": 9.0}],
        entry_id=given[0] if given else None,
        knowledge_hash="0",
    )


def draw(session: Session, *drawn: Question) -> bool:
    return quality.draw(session, WEEK, drawn, answers=len(drawn), now=NOW)


async def test_automatic_answers_of_the_period_alone(database: Database) -> None:
    def fill(session: Session) -> list[int]:
        found = [ask(session, A).id, ask(session, A, text=None).id]
        ask(session, A, hours=-0.001)
        ask(session, A, hours=7 * 24)
        ask(session, A, outcome="chosen")
        ask(session, A, outcome="guide")
        ask(session, outcome="propose")
        ask(session, outcome="distress", text=None)
        return found

    numbers = await database.write(fill)
    found = await database.read(lambda s: quality.answers(s, MONDAY, MONDAY + timedelta(days=7)))
    assert found == [(numbers[0], True), (numbers[1], False)]


async def test_a_week_is_drawn_once_by_those_who_draw_at_once(database: Database) -> None:
    number = await database.write(lambda session: ask(session, A).id)

    def again(session: Session) -> bool:
        question = questions.get(session, number)
        assert question is not None
        return draw(session, question)

    assert sorted(await asyncio.gather(*(database.write(again) for _ in range(4)))) == [False] * 3 + [True]
    assert await database.read(quality.weeks) == [WEEK]


async def test_of_judgements_at_once_the_first_counts(database: Database) -> None:
    def begin(session: Session) -> int:
        draw(session, ask(session, A))
        return hire(session)

    referent = await database.write(begin)
    verdicts: tuple[Verdict, ...] = ("right", "wrong", "incomplete", "wrong")
    judging = [partial(_judge, verdict=verdict, by_id=referent) for verdict in verdicts]
    counted = await asyncio.gather(*(database.write(one) for one in judging))
    assert sorted(counted) == [False] * 3 + [True]
    (week,) = await database.read(lambda session: quality.judgements(session, WEEK, WEEK))
    assert week.counts == {verdicts[counted.index(True)]: 1}


def _judge(session: Session, *, verdict: Verdict, by_id: int) -> bool:
    return quality.judge(session, 1, verdict, entry_id=A, by_id=by_id, now=NOW)


async def test_one_repair_stands_for_an_entry_whoever_finds_it_at_once(database: Database) -> None:
    referent = await database.write(hire)

    def begin(session: Session) -> int | None:
        made = repairs.begin(session, A, "wrong", note="", by_id=referent, now=NOW)
        return made.id if made is not None else None

    made = await asyncio.gather(*(database.write(begin) for _ in range(4)))
    (number,) = [one for one in made if one is not None]

    def over(session: Session) -> tuple[bool, bool]:
        repair = repairs.get(session, number)
        assert repair is not None
        ended = [repairs.end(session, repair, by_id=referent, now=NOW) for _ in range(2)]
        return ended[0], ended[1]

    assert await database.write(over) == (True, False)
    assert await database.write(begin) not in (None, number), "it may be wrong once more"


async def test_states_and_counts(database: Database) -> None:
    def fill(session: Session) -> None:
        by_id = hire(session)
        asked = [
            ask(session, A),
            ask(session, A),
            ask(session, A, text=None),
            ask(session, B),
            ask(session, B),
        ]
        draw(session, *asked)
        quality.judge(session, 1, "wrong", entry_id=A, by_id=by_id, now=NOW)
        quality.judge(session, 5, "incomplete", entry_id=B, by_id=by_id, now=NOW)
        mended = repairs.begin(session, A, "wrong", note="", by_id=by_id, now=NOW)
        assert mended is not None
        repairs.end(session, mended, by_id=by_id, now=NOW)

    await database.write(fill)
    (week,) = await database.read(lambda session: quality.judgements(session, "2026-W40", "2027-W01"))
    assert week.counts == {"wrong": 1, "incomplete": 1, "erased": 1, "mended": 1, "waiting": 1}
    assert await database.read(lambda session: quality.judgements(session, "2026-W49", "2027-W01")) == []


async def test_whose_answers_somebody_judges_and_in_which_order(database: Database) -> None:
    def fill(session: Session) -> list[int]:
        draw(
            session,
            ask(session, A),
            ask(session, A, territory="59", address="web:2"),
            ask(session, A, territory="70", address="web:3"),
            ask(session, A, territory="25", address="web:4"),
        )
        roles = (("referent", "25"), ("lead", "25"), ("editor", "25"), ("national", "70"))
        people = [hire(session, *one) for one in roles]
        session.add_all(Reach(referent_id=people[1], territory=code) for code in ("25", "70"))
        return people

    readers = await database.write(fill)

    def seen(session: Session) -> list[list[int]]:
        people = [person(session, one) for one in readers]
        return [[one.answer.place for one in quality.of_week(session, who, WEEK)] for who in people]

    referent, lead, editor, national = await database.write(seen)
    assert referent == [4, 1]
    assert lead == [4, 3, 1]
    assert editor == [4, 2, 3, 1]
    assert national == [3, 2, 4, 1]


async def test_who_had_an_answer_whatever_they_chose_afterwards(database: Database) -> None:
    def fill(session: Session) -> None:
        hire(session)
        ask(session, A, address="web:at once")
        ask(session, A, address="web:at once", hours=11)
        ask(session, A, address="web:went on").entry_id = B
        ask(session, LONGER, address="web:another")
        ask(session, B, A, address="web:second of two")
        ask(session, A, address="web:from a list", outcome="chosen")
        ask(session, A, address="web:before", hours=-31 * 24)
        ask(session, address="web:only near", outcome="propose").candidates = [{"id": A, "score": 50}]
        ask(session, A, address="web:forgotten").contact_id = None
        mended = repairs.begin(session, A, "wrong", note="", by_id=1, now=NOW)
        assert mended is not None
        repairs.end(session, mended, by_id=1, now=NOW)
        ask(session, A, address="web:after it was mended", hours=24 * 8)

    await database.write(fill)

    def receivers(session: Session) -> Counter[str]:
        repair = repairs.get(session, 1)
        assert repair is not None
        found = repairs.receivers(session, repair, since=NOW - timedelta(days=30))
        return Counter(one.contact.address for one in found)

    wanted = ("web:at once", "web:went on", "web:second of two", "web:from a list")
    assert await database.read(receivers) == Counter(wanted)


async def test_what_is_old_goes_and_who_judged_before_that(database: Database) -> None:
    def fill(session: Session) -> None:
        by_id = hire(session)
        draw(session, ask(session, A), ask(session, A))
        quality.judge(session, 1, "right", entry_id=A, by_id=by_id, now=NOW)

    await database.write(fill)
    later = NOW + timedelta(days=1)
    await database.write(lambda s: quality.forget_older(s, before=MONDAY, staff_before=later))

    def judges(session: Session) -> list[int | None]:
        return [one.answer.judged_by_id for one in quality.of_week(session, person(session, 1), WEEK)]

    assert await database.read(judges) == [None, None]
    await database.write(lambda s: quality.forget_older(s, before=later, staff_before=later))
    assert await database.read(quality.weeks) == []


async def test_what_was_shown_in_the_chat_of_who_judges_is_wiped_with_its_asker(database: Database) -> None:
    def fill(session: Session) -> None:
        person(session, hire(session)).telegram_id = 7
        draw(session, ask(session, A, address="web:hers"), ask(session, A, address="web:theirs"))
        chat = contacts.at(session, "telegram:7", now=NOW)
        for answer_id in (1, 2):
            choices = [{"label": "Juste", "do": "judge", "given": {"answer": answer_id, "verdict": "right"}}]
            text = f"question {answer_id}"
            row = transcript.add(session, chat, author="bot", text=text, at=NOW, choices=choices)
            outbox.put(session, lane="telegram:7", payload={"text": text}, now=NOW, transcript_id=row.id)
        transcript.add(session, chat, author="bot", text="rien à voir", at=NOW)

    def wipe(session: Session) -> tuple[list[str], list[tuple[str, object]]]:
        hers = contacts.by_address(session, "web:hers")
        assert hers is not None
        showings.wipe(session, hers.id)
        chat = contacts.by_address(session, "telegram:7")
        assert chat is not None
        left = [row.text for row in transcript.after(session, chat.id, 0)]
        sent = session.scalars(select(OutboxItem).order_by(OutboxItem.id))
        return left, [(one.status, one.payload) for one in sent]

    await database.write(fill)
    left, sent = await database.write(wipe)
    assert left == ["question 2", "rien à voir"]
    assert sent == [("cancelled", None), ("waiting", {"text": "question 2"})]
