"""The checker finds each sort of violation in a made-up history, and none in a good one."""

from dataclasses import replace
from typing import Any

import pytest

from tests.durability.checker import judge, slow
from tests.durability.history import Conversation, Demand, History, Row, Said

ASKED = Said("bonjour", "bonjour")
OPENED = Said("/referent", "opened", written=False)
JOINED = Said("une précision", None)
GREETED = Row("bot", "Bonjour !", "Bonjour", "bonjour")
NUMBER = Row("bot", "Votre demande porte le n° 1.", "votredemande1", "opened", 1)
REPLY = Row("referent", "Voici.", "réponse1Voici", ticket=1)
NADIA = Conversation(
    "telegram:1",
    (ASKED, OPENED, JOINED),
    (Row("visitor", "bonjour"), GREETED, NUMBER, Row("visitor", "une précision", ticket=1), REPLY),
    ("Bonjour", "votredemande1", "réponse1Voici"),
)
ZOE = Conversation("web:2", (ASKED,), (Row("visitor", "bonjour"), GREETED), ("Bonjour",))
DEMAND = Demand(
    1, "telegram:1", ("Voici.",), {"taken": 1, "replied": 1}, {"taken": 1, "replied": 1, "asked": 2}
)
GOOD = History(conversations=(NADIA, ZOE), demands=(DEMAND,), opened=1, copies_allowed=0)


def nadia(**changes: Any) -> History:
    return replace(GOOD, conversations=(replace(NADIA, **changes), ZOE))


def without(row: Row) -> tuple[Row, ...]:
    return tuple(one for one in NADIA.rows if one is not row)


def test_a_good_history_has_nothing_wrong() -> None:
    assert judge(GOOD).violations == ()


@pytest.mark.parametrize(
    ("history", "sort", "where"),
    [
        pytest.param(nadia(rows=NADIA.rows[1:]), "lost", "rows", id="a message is lost"),
        pytest.param(nadia(rows=without(GREETED)), "lost", "outcomes", id="an outcome is lost"),
        pytest.param(nadia(heard=NADIA.heard[1:]), "lost", "deliveries", id="a message is not delivered"),
        pytest.param(nadia(rows=(NADIA.rows[0], *NADIA.rows)), "twice", "rows", id="a message counts twice"),
        pytest.param(
            nadia(rows=(*NADIA.rows, GREETED), heard=(*NADIA.heard, "Bonjour")),
            "twice",
            "outcomes",
            id="an answer is given twice",
        ),
        pytest.param(
            nadia(
                rows=(NADIA.rows[3], *NADIA.rows[1:3], NADIA.rows[0], REPLY),
            ),
            "disordered",
            "rows",
            id="messages change places",
        ),
        pytest.param(
            nadia(heard=(NADIA.heard[1], NADIA.heard[0], NADIA.heard[2])),
            "disordered",
            "deliveries",
            id="deliveries change places",
        ),
        pytest.param(
            nadia(heard=("Bonjour", "votredemande1", "Bonjour", "réponse1Voici")),
            "twice",
            "deliveries",
            id="a copy comes late",
        ),
        pytest.param(
            replace(GOOD, conversations=(NADIA, replace(ZOE, heard=("Bonjour", "réponse1Voici")))),
            "strayed",
            "web:2 heard what was said to telegram:1",
            id="a reply goes to somebody else",
        ),
        pytest.param(nadia(heard=("???", *NADIA.heard)), "strayed", "said to nobody", id="a text of nowhere"),
        pytest.param(nadia(heard=("Bonjour", *NADIA.heard)), "twice", "1 copies", id="too many copies"),
        pytest.param(replace(GOOD, opened=2), "twice", "2 demands", id="a demand is opened twice"),
        pytest.param(replace(GOOD, opened=0), "lost", "0 demands", id="a demand is not opened"),
        pytest.param(
            replace(GOOD, demands=(replace(DEMAND, replies=("Voici.", "Et ceci.")),)),
            "lost",
            "replies",
            id="a reply is lost",
        ),
        pytest.param(
            replace(GOOD, demands=(replace(DEMAND, events={"taken": 2, "replied": 1}),)),
            "twice",
            "taken 2 times",
            id="a demand is taken twice",
        ),
        pytest.param(
            nadia(reachable=False, heard=NADIA.heard[:2]),
            "lost",
            "nobody was told",
            id="a reply did not arrive and its author does not know",
        ),
        pytest.param(
            nadia(reachable=False, heard=(NADIA.heard[1], NADIA.heard[0])),
            "disordered",
            "before they left",
            id="out of order before they left",
        ),
        pytest.param(replace(GOOD, unfinished={"parked": 1}), "other", "parked", id="an item is set aside"),
    ],
)
def test_it_finds(history: History, sort: str, where: str) -> None:
    found = getattr(judge(history), sort)
    assert any(where in words for words in found), judge(history)


def test_queues_that_stay_full_for_half_a_minute_are_slow() -> None:
    assert slow(replace(GOOD, quiet_after=31))
    assert not slow(GOOD)


def test_copies_are_counted_and_as_many_allowed_as_sends_were_under_way() -> None:
    copied = nadia(heard=("Bonjour", "Bonjour", *NADIA.heard[1:]))
    assert judge(replace(copied, copies_allowed=1)).violations == ()
    assert judge(copied).copies == 1


def test_what_a_process_was_about_to_send_when_it_was_stopped_may_come_late_and_once() -> None:
    late = replace(nadia(heard=("Bonjour", "votredemande1", "Bonjour", "réponse1Voici")), copies_allowed=2)
    stopped = replace(late.conversations[0], late=("Bonjour",))
    assert judge(replace(late, conversations=(stopped, ZOE))).violations == ()
    for heard in (
        ("Bonjour", "votredemande1", "Bonjour", "réponse1Voici", "Bonjour"),
        ("Bonjour", "réponse1Voici", "votredemande1", "Bonjour"),
        ("votredemande1", "réponse1Voici", "Bonjour"),
        ("Bonjour", "votredemande1", "réponse1Voici", "votredemande1"),
    ):
        assert judge(replace(late, conversations=(replace(stopped, heard=heard), ZOE))).violations


def test_whoever_left_need_not_have_heard_what_somebody_was_told_did_not_arrive() -> None:
    gone = nadia(reachable=False, heard=NADIA.heard[:2])
    told = replace(DEMAND, told="La personne de la demande n° 1 a bloqué le robot.")
    assert judge(replace(gone, demands=(told,))).violations == ()
