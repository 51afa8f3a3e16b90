import json
from pathlib import Path

from knowledge.evaluation import Share, evaluate, is_right, read_messages, score
from knowledge.examples import Message
from knowledge.matching import Matcher
from knowledge.outcomes import Candidate, Found, Match, OutOfScope, Unknown, Unsure

A, B = Candidate("a", 80.0), Candidate("b", 10.0)


def message(expect: str, *entries: str, **fields: object) -> Message:
    return Message.model_validate({"text": "x", "expect": expect, "entries": entries, **fields})


def test_bad_lines_are_reported_and_the_others_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    lines = [
        '{"text": "a", "expect": "human"}',
        "{",
        '{"text": "a"}',
        "",
        '{"text": "b", "expect": "answer", "id": 1}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    messages, problems = read_messages(path)
    assert [m.text for m in messages] == ["a", "b"]
    assert [(p.file, p.line) for p in problems] == [("x.jsonl", 2), ("x.jsonl", 3)]


def test_yaml_lists_too(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("- {text: a, expect: human}\n- {text: b}\n", encoding="utf-8")
    messages, problems = read_messages(path)
    assert len(messages) == 1
    assert str(problems[0]) == "x.yaml:2: « expect » : champ manquant"
    assert read_messages(tmp_path / "none.yaml")[1]
    assert read_messages(tmp_path / "none.jsonl")[1]


def test_right_and_wrong() -> None:
    found: Match = Found(candidates=(A, B))
    assert score(message("answer", "a"), found).good
    assert score(message("answer", "b"), found).wrong
    assert score(message("answer", "b"), Unsure(candidates=(A, B))).good
    assert not score(message("answer", "c"), Unsure(candidates=(A, B))).wrong
    assert score(message("out_of_scope"), found).wrong
    assert score(message("out_of_scope"), OutOfScope()).good
    assert score(message("handoff"), Unknown()).good
    assert score(message("handoff"), found).wrong


def test_each_part_must_be_right() -> None:
    both = Found(candidates=(A, B), parts=(("a", "b"), ("b", "c")))
    assert is_right(message("answer", "a", all=[["a"], ["b", "z"]]), both)
    assert not is_right(message("answer", "a", all=[["a"], ["z"]]), both)


def test_a_report_can_be_written_as_json(matcher: Matcher) -> None:
    report = evaluate(matcher, [message("answer", "a"), message("human"), message("out_of_scope", near=True)])
    data = json.loads(json.dumps(report.to_dict()))
    assert data["messages"] == 3
    assert data["shares"]["false_answers_near"]["n"] == 1
    assert set(report.outcomes) == {"answer", "human", "out_of_scope"}


def test_shares_have_intervals() -> None:
    low, high = Share(8, 10).interval() or (0, 0)
    assert 0.4 < low < 0.8 < high < 1
    assert str(Share(0, 0)) == "0/0"
