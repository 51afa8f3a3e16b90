"""`/horaires`: one's own hours, shown and set from the chat."""

from tests.actors import TelegramCitizen, texts
from tests.scenarios.desk import Colleague, said
from tests.stage import Stage

OFFICE = "du lundi au vendredi 9 h – 12 h 30 et 13 h 30 – 17 h 30"


async def test_a_dialogue_about_hours(stage: Stage, camille: Colleague) -> None:
    for words, expected in (
        ("/horaires", f"Vous suivez les horaires de votre territoire : {OFFICE}."),
        ("/horaires lun-ven 9h-12h30 13h30-17h", "Vos horaires : du lundi au vendredi 9 h – 12 h 30 et 13 h"),
        ("/horaires", "Pour reprendre ceux de votre territoire : /horaires défaut"),
        ("/horaires lun neuf heures", "Je n'ai pas compris « neuf »."),
        ("/horaires lun 22h-2h", "passe minuit"),
        ("/horaires 9h-12h", "Il manque le jour"),
        ("/horaires lun 9h-12h 11h-13h", "se recouvrent"),
        ("/horaires samedi 9h-12h", "Vos horaires : samedi 9 h – 12 h."),
        ("/horaires Défaut", f"Vous suivez les horaires de votre territoire : {OFFICE}."),
    ):  # fmt: skip
        assert expected in said(await camille.writes(words)), words


async def test_it_is_no_command_for_anybody_else(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    assert "Je ne connais pas la commande" in texts(await nadia_on_telegram.says("/horaires lun 9h-12h"))
