"""What names a person is hidden before a question is written down; what questions are about is kept."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.masking import MASKS, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("appelez le 06 12 34 56 78 svp", "appelez le [téléphone] svp"),
        ("0612345678", "[téléphone]"),
        ("+33 6 12 34 56 78", "[téléphone]"),
        ("06.12.34.56.78 ou 01-42-68-53-00", "[téléphone] ou [téléphone]"),
        ("écrivez à nadia.b+pass@exemple.co.fr !", "écrivez à [adresse e-mail] !"),
        ("FR76 3000 6000 0112 3456 7890 189", "[IBAN]"),
        ("fr7630006000011234567890189 est refusé", "[IBAN] est refusé"),
        ("carte 4970 1012 3456 7893", "carte [carte bancaire]"),
        ("carte 4111 1111 1111 1111", "carte [carte bancaire]"),
        ("4111111111111111", "[carte bancaire]"),
        ("2 84 05 88 302 108 94", "[numéro de sécurité sociale]"),
        ("184052A30210894", "[numéro de sécurité sociale]"),
    ],
)
def test_what_names_a_person_is_hidden(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "mon SIRET 356 000 000 00048 est refusé",
        "SIRET 35600000000048",
        "SIREN 356 000 000",
        "300 euros, 1 200,50 € ou 20€",
        "en 2026, de 2024 à 2025",
        "le 93, le 2A, 25000 Besançon, 97400",
        "j'ai 17 ans et 3 mois",
        "offre n° 123456 du 23/11/2026 à 14:05",
        "",
    ],
)
def test_what_questions_are_about_is_kept(text: str) -> None:
    assert mask(text) == text


@given(st.text())
def test_any_text_is_masked_without_error_and_without_growing_wildly(text: str) -> None:
    longest = max(len(shown) for shown in MASKS.values())
    assert len(mask(text)) <= max(len(text) * 5, len(text) + longest)


@given(st.text(alphabet="0123456789 .-@+aFR", max_size=300))
def test_texts_full_of_digits_too(text: str) -> None:
    masked = mask(text)
    assert len(masked) <= len(text) * 5 + 30
    assert mask(masked) == masked or len(masked) < 5000


@given(st.from_regex(r"0[67]( ?[0-9]{2}){4}", fullmatch=True), st.sampled_from(["", "mon numéro : ", "au "]))
def test_no_mobile_number_gets_through(number: str, before: str) -> None:
    assert number not in mask(before + number)


@pytest.mark.parametrize(
    "piece", ["0612345678 ", "a@", "1 2 3 4 5 ", "FR76 3000 ", "a.b@c.d.", "+33", "9" * 40 + " ", "1-"]
)
def test_even_an_endless_text_is_masked_at_once(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.monotonic()
    mask(text)
    assert time.monotonic() - start < 5
