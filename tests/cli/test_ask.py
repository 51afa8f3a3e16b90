"""`ask`: what the bot would do, for people and for programs."""

import json

from tests.cli import program
from tests.cli.conftest import Terminal

LINES = [
    {"id": "a", "text": "comment créer un compte pass Culture Pro ?", "audience": "partenaire"},
    {"text": "je veux parler à un humain"},
    {"id": "b", "text": "le monsieur qui m'a aidée hier, je peux lui reparler ?"},
    {"id": "c", "text": "et pour 15 ans ?", "prev": "combien d'argent à 17 ans ?"},
    {"id": 7, "text": "\u0000\u202e" + "a" * 5000},
    {"id": "d", "text": "j'ai envie de mourir"},
]


def test_jsonl_answers_each_line_in_order_and_nothing_else() -> None:
    done = program.bot("ask", "--jsonl", stdin="\n".join(json.dumps(line) for line in LINES) + "\n")
    assert done.code == 0, done
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "b", "c", 7, "d"]
    for answer in answers:
        assert set(answer) == {"id", "outcome", "entries", "parts", "answer", "ms"}
        assert len(answer["entries"]) <= 5
        assert all(0 <= entry["score"] <= 100 for entry in answer["entries"])
    first = answers[0]
    assert first["outcome"] == "answer"
    assert first["entries"][0]["id"] == "pro-create-account"
    assert "Source" in first["answer"]
    assert answers[1]["outcome"] == answers[2]["outcome"] == "human"
    assert answers[-1]["outcome"] == "distress"
    assert all((answer["answer"] is None) == (answer["outcome"] != "answer") for answer in answers)


def test_a_bad_line_says_what_is_wrong_and_the_rest_goes_on(bot: Terminal) -> None:
    lines = [
        "{",
        '{"id": 1}',
        '{"id": 2, "text": "bonjour", "audience": "roi"}',
        '{"id": 3, "text": "bonjour"}',
        "[1]",
    ]
    done = bot("ask", "--jsonl", stdin="\n".join(lines))
    assert done.code == 1, done
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == [None, 1, 2, 3, None]
    assert ["error" in answer for answer in answers] == [True, True, True, False, True]


def test_bytes_that_are_no_text_are_a_bad_line(bot: Terminal) -> None:
    done = bot("ask", "--jsonl", stdin=b'\xff\xfe\n{"text": "bonjour"}\n')
    assert done.code == 1, done
    assert len(done.out.splitlines()) == 2


def test_one_message_is_explained_for_people(bot: Terminal) -> None:
    done = bot("ask", "comment créer un compte pass Culture Pro ?")
    assert done.code == 0, done
    assert "pro-create-account" in done.out
    assert "Source" in done.out


def test_nothing_to_ask_is_a_usage_error(bot: Terminal) -> None:
    assert bot("ask").code == 2


def test_chat_is_the_whole_conversation(bot: Terminal) -> None:
    said = "comment créer un compte pass Culture Pro ?\nje veux parler à un humain\n25\n"
    done = bot("chat", stdin=said)
    assert done.code == 0, done
    assert "Source" in done.out
    assert "votre demande porte le n° 1" in done.out
    assert "Doubs (25)" in done.out
