"""Two questions in one message. The sentences were written for these tests."""

import pytest

from knowledge.entries import Audience
from knowledge.matching import Matcher


@pytest.mark.parametrize(
    ("text", "audience", "entries"),
    [
        (
            "j'ai oublié mon mot de passe et comment je change mon adresse mail ?",
            Audience.JEUNE,
            {"login-password-lost", "change-email"},
        ),
        (
            "À quel âge peut-on s'inscrire ? Et jusqu'à quand peut-on dépenser son crédit ?",
            Audience.JEUNE,
            {"eligibility-age", "credit-expiry"},
        ),
        (
            "comment créer un compte pass culture pro, et combien de temps avant d'être remboursé ?",
            Audience.PARTENAIRE,
            {"pro-create-account", "pro-reimbursement-when"},
        ),
    ],
)
def test_each_question_finds_its_entry(
    matcher: Matcher, text: str, audience: Audience, entries: set[str]
) -> None:
    match = matcher.match(text, audience=audience)
    assert {part[0] for part in match.parts} == entries


@pytest.mark.parametrize(
    "text",
    [
        "j'ai oublié mon mot de passe, comment faire ?",
        "bonjour, j'ai 17 ans et je voudrais savoir combien je vais recevoir",
        "mon mail et mon mot de passe ne marchent plus",
        "où est mon billet ?",
    ],
)
def test_one_question_stays_one(matcher: Matcher, text: str) -> None:
    assert matcher.match(text, audience=Audience.JEUNE).parts == ()
