"""What changed between two reports, line by line."""

from knowledge.comparing import Kept, Line, compare
from knowledge.evaluation import Scored, score, summarise
from knowledge.examples import Message
from knowledge.outcomes import Candidate, Found, HumanRequested, Match, Unknown, Unsure

A, B = Candidate("a", 80.0), Candidate("b", 10.0)


def scored(text: str, match: Match) -> Scored:
    return score(Message(text=text, expect="answer", entries=("a",)), match)


def kept(*lines: Scored) -> Kept:
    return Kept.model_validate(summarise(lines).to_dict())


def test_gained_lost_and_moved() -> None:
    right, proposed, wrong = (
        Found(candidates=(A, B)),
        Unsure(candidates=(A, B)),
        Found(candidates=(B, A)),
    )
    before = kept(
        scored("up", proposed), scored("down", proposed), scored("side", Unknown()), scored("same", right)
    )
    after = summarise(
        [scored("up", right), scored("down", wrong), scored("side", HumanRequested()), scored("same", right)]
    )
    found = compare(before, after)
    assert [(moved.change, moved.after.text) for moved in found.moved] == [
        ("lost", "down"),
        ("gained", "up"),
        ("moved", "side"),
    ]
    assert [share and share.k for share in found.shares["right"]] == [1, 2]
    assert (found.added, found.gone) == (0, 0)


def test_messages_that_only_one_report_holds() -> None:
    right = Found(candidates=(A,))
    found = compare(kept(scored("old", right)), summarise([scored("new", right), scored("newer", right)]))
    assert (found.moved, found.added, found.gone) == ((), 2, 1)


def test_a_share_that_was_not_counted_then() -> None:
    line = scored("x", Unknown())
    before = Kept(
        messages=1, shares={}, lines=(Line.model_validate(summarise([line]).to_dict()["lines"][0]),)
    )
    assert compare(before, summarise([line])).shares["top1"][0] is None
