"""`/action`: what the meeting agreed is noted, told, listed, ended; nobody else gets at it."""

from handlers import retention
from tests.actors import TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, said
from tests.stage import Stage


async def test_an_action_is_noted_and_comes_back_until_it_is_done(stage: Stage, camille: Colleague) -> None:
    heard = said(await camille.writes("/action moi relancer la DRAC pour le 04/12"))
    assert "action n° 1, Camille Martin : relancer la DRAC, pour vendredi 4 décembre" in heard
    stage.clock.advance(days=14)
    (listed,) = await camille.writes("/action")
    assert "n° 1, Camille Martin : relancer la DRAC, en retard depuis vendredi 4 décembre" in listed.text
    assert "Action n° 1 faite : relancer la DRAC" in said(await camille.presses("n° 1 : c'est fait"))
    assert "L'action n° 1 est déjà close" in said(await camille.presses("n° 1 : c'est fait", on=listed))
    assert "Aucune action n'est ouverte" in said(await camille.writes("/action"))


async def test_a_colleague_who_is_named_is_told_and_may_end_it(stage: Stage, camille: Colleague) -> None:
    sam = await appoint(stage, "Sam Petit", territories="39")
    noted = said(await camille.writes("/action Sam : appeler les cinémas du Jura pour vendredi"))
    assert "Sam Petit : appeler les cinémas du Jura, pour vendredi 27 novembre" in noted
    told = said(await sam.hears())
    assert "Camille Martin a noté une action pour vous, à faire pour vendredi 27 novembre" in told
    assert "Action n° 1 abandonnée" in said(await sam.writes("/action abandon 1"))
    assert "Aucune action" in said(await camille.writes("/action"))


async def test_somebody_from_elsewhere_may_be_named_and_nobody_is_told(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    heard = said(await camille.writes("/action DRAC : envoyer la liste des librairies"))
    assert "DRAC : envoyer la liste des librairies, pour lundi 30 novembre" in heard
    assert await diane.hears() == []
    assert "n° 1, DRAC" in said(await diane.writes("/action"))


async def test_an_action_gets_another_day(stage: Stage, camille: Colleague) -> None:
    await camille.writes("/action moi relancer la DRAC")
    assert "reportée : pour vendredi 18 décembre" in said(await camille.writes("/action reporter 1 18/12"))
    assert "pour vendredi 18 décembre" in said(await camille.writes("/action"))
    for words in ("reporter 1 hier", "reporter 1 01/11", "reporter 1 01/01/2099"):
        assert "Ce jour ne va pas" in said(await camille.writes(f"/action {words}"))


async def test_what_is_unclear_is_not_noted_and_the_way_is_shown(stage: Stage, camille: Colleague) -> None:
    for words, answer in [
        ("relancer la DRAC", "Dites qui, quoi et pour quand"),
        ("moi", "Dites qui, quoi et pour quand"),
        (f"moi {'x' * 301}", "en 300 caractères au plus"),
        ("moi rappeler Léa au 06 12 34 56 78", "Une action ne contient rien des personnes"),
        ("moi relancer pour le 03/11", "Ce jour ne va pas"),
        ("fait 99", "Je ne trouve pas d'action n° 99"),
        ("reporter 99 vendredi", "Je ne trouve pas d'action n° 99"),
    ]:
        assert answer in said(await camille.writes(f"/action {words}")), words
    assert "Aucune action" in said(await camille.writes("/action"))


async def test_actions_are_the_desks_alone(stage: Stage, camille: Colleague) -> None:
    somebody = TelegramCitizen(stage)
    assert "Je ne connais pas la commande" in texts(await somebody.says("/action moi rien du tout"))
    assert "Aucune action" in said(await camille.writes("/action"))


async def test_what_was_ended_long_ago_is_forgotten_and_what_is_open_stays(
    stage: Stage, camille: Colleague
) -> None:
    await camille.writes("/action moi relancer la DRAC pour le 04/12")
    await camille.writes("/action moi relancer la Région pour le 04/12")
    await camille.writes("/action fait 1")
    stage.clock.advance(days=366)
    await stage.turn(retention.purge)
    assert "Je ne trouve pas d'action n° 1" in said(await camille.writes("/action fait 1"))
    assert "relancer la Région, en retard depuis vendredi 4 décembre 2026" in said(
        await camille.writes("/action")
    )
