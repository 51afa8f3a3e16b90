"""Light Markdown on a phone: styles in the right place, nothing over Telegram's limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.render import TEXT_LIMIT, keyboard, pages, plain, render, utf16
from knowledge import markup
from tests.fake_telegram.checks import violations


def styled(text: str) -> list[tuple[str, str]]:
    """(style, the words it covers), read back the way Telegram does."""
    rendered = render(text, light_markdown=True)
    raw = rendered.text.encode("utf-16-le")
    return [
        (entity.type, raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le"))
        for entity in rendered.entities
    ]


def test_styles_cover_their_words_after_emoji() -> None:
    assert styled("🎭🎬 **Le pass** et 👩‍🎤 *la scène* : [site](https://pass.culture.fr)") == [
        ("bold", "Le pass"),
        ("italic", "la scène"),
        ("text_link", "site"),
    ]


def test_styles_within_styles() -> None:
    assert styled("**très [utile](https://a.fr)**") == [
        ("bold", "très "),
        ("bold", "utile"),
        ("text_link", "utile"),
    ]


def test_paragraphs_and_lists() -> None:
    text = "D'abord :\n\n- créer\n- **valider**\n\nPuis :\n\n3. choisir\n4. réserver\n"
    rendered = render(text, light_markdown=True)
    assert rendered.text == "D'abord :\n\n• créer\n• valider\n\nPuis :\n\n3. choisir\n4. réserver"
    assert styled(text) == [("bold", "valider")]


def test_a_mail_address_needs_no_link() -> None:
    assert render("[a@b.fr](mailto:a@b.fr)", light_markdown=True).entities == ()


def test_text_without_markup_is_left_alone() -> None:
    assert render("  **x**\x00<b>\x1f ", light_markdown=False).text == "**x** <b>"


@pytest.mark.parametrize("light", [True, False])
def test_what_is_too_long_is_cut_at_a_word(light: bool) -> None:
    rendered = render("**" + "théâtre 🎭 " * 900 + "fin**", light_markdown=light)
    assert utf16(rendered.text) <= TEXT_LIMIT
    assert rendered.text.endswith(("théâtre…", "🎭…"))
    assert utf16(plain("mot " * 3000, light_markdown=light).text) <= TEXT_LIMIT


def test_pages_are_cut_between_paragraphs_first() -> None:
    first, second = "a" * 3000, "b" * 3000
    assert pages(f"{first}\n\n{second}\n\nfin", light_markdown=True) == [first, f"{second}\n\nfin"]


def test_pages_are_cut_after_a_sentence_when_a_paragraph_is_too_long() -> None:
    parts = pages("Une phrase entière. " * 400, light_markdown=False)
    assert len(parts) == 2
    assert all(part.endswith("entière.") for part in parts)


def test_short_and_blank_texts() -> None:
    assert pages("Bonjour **vous**", light_markdown=True) == ["Bonjour **vous**"]
    assert pages(" \n\n ", light_markdown=True) == []


def test_a_paragraph_too_long_keeps_its_words_and_loses_its_styles() -> None:
    parts = pages("**" + "mot <clé> * " * 500 + "**", light_markdown=True)
    assert " ".join(markup.plain(part) for part in parts).split()[:3] == ["**mot", "<clé>", "*"]


def test_one_choice_a_row_cut_at_a_word() -> None:
    label = "Comment mon établissement peut-il demander un compte pass Culture Pro cette année ?"
    board = keyboard([{"id": "1.0", "label": label}, {"id": "1.1", "label": "Oui"}])
    assert board is not None
    rows = board.inline_keyboard
    assert [len(row) for row in rows] == [1, 1]
    assert rows[0][0].text == "Comment mon établissement peut-il demander un compte pass…"
    assert (rows[1][0].text, rows[1][0].callback_data) == ("Oui", "1.1")
    assert keyboard([]) is None


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00") | st.sampled_from("*_[]() \n-1.🎭é"), max_size=200
)
long_texts = st.builds(
    lambda text, times: text * times, texts, st.integers(1, 200).filter(lambda n: n % 7 == 1)
)


@settings(deadline=None)
@given(texts | long_texts, st.booleans())
def test_telegram_takes_whatever_is_rendered(text: str, light: bool) -> None:
    for rendered in (render(text, light_markdown=light), plain(text, light_markdown=light)):
        if not rendered.text.strip():
            continue
        parameters = {
            "chat_id": 1,
            "text": rendered.text,
            "entities": [entity.to_dict() for entity in rendered.entities],
        }
        assert violations("sendMessage", parameters) == []


@pytest.mark.fault(48)
@settings(deadline=None)
@given(texts, st.booleans(), st.integers(5, 60))
def test_every_page_fits_and_no_word_is_lost(text: str, light: bool, limit: int) -> None:
    def shown(part: str) -> str:
        return render(part, light_markdown=light).text

    parts = pages(text, light_markdown=light, limit=limit)
    assert all(part.strip() for part in parts)
    assert all(utf16(shown(part)) <= limit for part in parts)
    if not light:
        assert "".join("".join(parts).split()) == "".join(text.split())
