"""What referents type: light markup is markup, line ends stay, all else is the text it is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.markup import BulletList, NumberedList, Paragraph, Span, parse, plain
from knowledge.writing import light

OWN = "http://127.0.0.1:8080"


def spans(text: str, own: str = "") -> list[Span]:
    """All runs of what was typed."""
    found: list[Span] = []
    for block in parse(light(text, own=own)):
        for item in (block.spans,) if isinstance(block, Paragraph) else block.items:
            found += item
    return found


def links(text: str, own: str = "") -> list[tuple[str, str]]:
    return [(span.text, span.link) for span in spans(text, own) if span.link is not None]


def test_bold_italics_and_lists() -> None:
    assert parse(light("**Bonjour** et *merci* :\n- un\n- deux\n\n1. trois\n2. quatre")) == (
        Paragraph((Span("Bonjour", bold=True), Span(" et "), Span("merci", italic=True), Span(" :"))),
        BulletList(((Span("un"),), (Span("deux"),))),
        NumberedList(((Span("trois"),), (Span("quatre"),)), 1),
    )


def test_line_ends_stay_where_they_were_typed() -> None:
    assert plain(light("Bonjour,\r\nvoici\nla suite.\n\n\n\nCordialement")) == (
        "Bonjour,\nvoici\nla suite.\n\nCordialement"
    )


def test_what_follows_a_list_is_not_part_of_it() -> None:
    assert plain(light("- un\n- deux\nMerci")) == "- un\n- deux\n\nMerci"
    assert plain(light("- un\n  suite\n- deux")) == "- un\nsuite\n- deux"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("voir https://pass.culture.fr/aide.", "https://pass.culture.fr/aide"),
        ("(https://pass.culture.fr)", "https://pass.culture.fr"),
        ("**https://a.fr/b_c_d**", "https://a.fr/b_c_d"),
        ("https://a.fr/?x=1&copy;=2", "https://a.fr/?x=1&copy;=2"),
        ("https://a.fr... ou https://", "https://a.fr"),
    ],
)
def test_an_address_becomes_a_link_to_itself(typed: str, shown: str) -> None:
    assert links(typed) == [(shown, shown)]


def test_links_lead_to_https_and_to_ourselves_only() -> None:
    assert links("[aide](https://pass.culture.fr)") == [("aide", "https://pass.culture.fr")]
    assert links("[fiche](http://127.0.0.1:8080/fiches/books)", OWN) == [("fiche", f"{OWN}/fiches/books")]
    for typed in (
        "[a](http://a.fr)",
        "[a](javascript:alert(1))",
        "[a](mailto:x@y.fr)",
        "[a](<http://a.fr>)",
        "[a](http://127.0.0.1:8080.mechant.fr/x)",
        "[a]: http://a.fr",
    ):
        assert links(typed, OWN) == [], typed
        assert plain(light(typed, own=OWN)) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "<b>x</b>",
        "# titre",
        "`code`",
        "> a",
        "a &amp; b",
        "&#42;",
        "snake_case_word",
        "5 * 3",
        "| a | b |",
        "~~x~~",
    ],
)
def test_anything_else_is_the_text_it_is(typed: str) -> None:
    assert plain(light(typed)) == typed


@given(st.text(max_size=200), st.sampled_from(["", OWN]))
def test_whatever_is_typed_links_stay_safe_and_nothing_is_raised(typed: str, own: str) -> None:
    for _, link in links(f"{typed}[a]({typed})", own):
        assert link.lower().startswith(("https://", f"{OWN}/"))


@given(st.lists(st.text(st.sampled_from("abc é,.!"), max_size=20), max_size=8))
def test_plain_prose_keeps_every_word_and_line(lines: list[str]) -> None:
    shown = plain(light("\n".join(lines)))
    kept = [line.strip() for line in lines if line.strip()]
    assert [line.strip() for line in shown.split("\n") if line.strip()] == kept


@given(st.one_of(st.text(max_size=120), st.text(st.sampled_from("ab \n-*_[]()&;#1.\\:/hps<>"), max_size=60)))
@example("- 0\n0")
def test_what_was_made_once_is_made_the_same_again(typed: str) -> None:
    once = light(typed)
    assert light(once) == once


def test_an_address_and_an_entity_are_made_once() -> None:
    once = light("voir https://a.fr/?x=1&y=2 et &amp; [a](http://b.fr)\nfin")
    assert light(once) == once
