"""Light Markdown: what is known becomes blocks, everything else stays the text it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.markup import BulletList, NumberedList, Paragraph, Span, escape, parse, plain


def shown(text: str) -> str:
    return "".join(span.text for block in parse(text) if isinstance(block, Paragraph) for span in block.spans)


def test_blocks_and_styles() -> None:
    assert parse("Un **gras** et [un lien](https://pass.culture.fr).\n\n- a\n- b\n\n3. c") == (
        Paragraph(
            (
                Span("Un "),
                Span("gras", bold=True),
                Span(" et "),
                Span("un lien", link="https://pass.culture.fr"),
                Span("."),
            )
        ),
        BulletList(((Span("a"),), (Span("b"),))),
        NumberedList(((Span("c"),),), 3),
    )


def test_a_hard_line_break_stays_in_the_text() -> None:
    assert parse("un  \ndeux") == (Paragraph((Span("un\ndeux"),)),)


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "# titre", "`code`", "[x](javascript:alert(1))", "<script>", "> a"]
)
def test_anything_else_stays_text(text: str) -> None:
    assert shown(text) == text


def test_plain_text_reads_well() -> None:
    assert plain("Voir [l'aide](https://a.fr) :\n\n- **un**\n- deux\n\n1. trois") == (
        "Voir l'aide (https://a.fr) :\n\n- un\n- deux\n\n1. trois"
    )


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"))))
def test_escaped_text_is_shown_exactly(text: str) -> None:
    assert shown(escape(text)) == text


@pytest.mark.parametrize("text", ["a\n\nb", " a ", "1. a", "- a", "a\\", "&amp;", "**a**", "\ta", "a\n"])
def test_structure_is_escaped(text: str) -> None:
    assert shown(escape(text)) == text


@given(st.text())
def test_parsing_never_raises(text: str) -> None:
    plain(text)
    plain(escape(text))
