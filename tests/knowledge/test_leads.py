"""By how much a door leads: what counts against it, and what does not."""

import numpy as np

from knowledge.leads import NONE, SMALL_TALK_DOOR, Doorkeeper

OWNERS = ("credit", "aide", "!meteo", "~merci", "~au_revoir", "@distress", "@human")
KEEPER = Doorkeeper(OWNERS, {"human": ["aide"]})


def _doors(*scores: float) -> dict[str, float]:
    return dict(KEEPER.leads(np.array(scores, np.float32)).doors)


def test_a_door_leads_the_nearest_of_everything_else() -> None:
    assert _doors(2, 0, 3, 0, 0, 5, 0)["distress"] == 2


def test_entries_about_the_same_and_other_doors_do_not_count() -> None:
    assert _doors(1, 9, 0, 0, 0, 8, 6)["human"] == 5


def test_small_talk_counts_against_a_wish_for_a_human_and_never_against_distress() -> None:
    doors = _doors(0, 0, 0, 1, 4, 6, 6)
    assert doors["human"] == 2
    assert doors["distress"] == 6


def test_small_talk_is_of_the_kind_that_leads_and_counts_everything_else() -> None:
    leads = KEEPER.leads(np.array([1, 0, 0, 2, 7, 3, 0], np.float32))
    assert leads.kind == "au_revoir"
    assert leads.doors[SMALL_TALK_DOOR] == 4


def test_little_evidence_opens_nothing() -> None:
    assert set(_doors(0, 0, 0, 0.9, 0.5, 1, 0.2).values()) == {NONE}


def test_where_no_small_talk_was_learnt_there_is_none() -> None:
    leads = Doorkeeper(OWNERS[:3], {}).leads(np.array([1, 2, 3], np.float32))
    assert leads.kind is None
    assert leads.doors == {}
