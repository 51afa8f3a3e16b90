"""`/absent`: days as people write them, a replacement, the return; nothing noted when it is unclear."""

from storage import directory
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.stage import Stage

UNDERSTOOD = [
    ("20/12 04/01", "dimanche 20 décembre", "lundi 4 janvier"),
    ("du 20/12 au 04/01", "dimanche 20 décembre", "lundi 4 janvier"),
    ("24/11", "mardi 24 novembre", "mardi 24 novembre"),
    ("24/11/2026 27/11/2026", "mardi 24 novembre", "vendredi 27 novembre"),
    ("24/11 27/11 Sam Petit", "mardi 24 novembre", "vendredi 27 novembre"),
    ("24/11 sam petit", "mardi 24 novembre", "mardi 24 novembre"),
    ("20/11 25/11", "vendredi 20 novembre", "mercredi 25 novembre"),
]
UNCLEAR = [
    ("", "Écrivez par exemple"),
    ("demain", "Écrivez par exemple"),
    ("31/11 02/12", "Écrivez par exemple"),
    ("24/11 99/99", "Écrivez par exemple"),
    ("29/02/2027 01/03/2027", "Écrivez par exemple"),
    ("24/11 25/11 26/11", "Écrivez par exemple"),
    ("27/11/2026 24/11/2026", "Ces dates ne vont pas"),
    ("01/10/2026 02/10/2026", "Ces dates ne vont pas"),
    ("24/11/2026 24/11/2036", "Ces dates ne vont pas"),
    ("24/11 25/11 Zorglub", "Je ne trouve pas « Zorglub »"),
    ("24/11 25/11 Camille Martin", "Je ne trouve pas « Camille Martin »"),
]


async def test_days_are_understood(stage: Stage, camille: Colleague) -> None:
    await appoint(stage, "Sam Petit", territories="39")
    for words, first, last in UNDERSTOOD:
        heard = said(await camille.writes(f"/absent {words}"))
        assert f"vous êtes absent du {first} au {last} inclus" in heard


async def test_what_is_unclear_is_not_noted(stage: Stage, camille: Colleague) -> None:
    for words, answer in UNCLEAR:
        assert answer in said(await camille.writes(f"/absent {words}"))
    noted = await stage.turn(lambda turn: len(directory.absences(turn.session, camille.id, now=turn.now)))
    assert noted == 0


async def test_29_february_of_a_leap_year_is_a_day(stage: Stage, camille: Colleague) -> None:
    stage.clock.advance(days=555)  # 31 May 2028: the next one of that name has no 29
    assert "mars" in said(await camille.writes("/absent 29/02 05/03"))


async def test_the_replacement_has_the_demands_until_the_return(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="39")
    await camille.writes("/absent 23/11 27/11 Sam Petit")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"Demande n° {number}" in said(await sam.hears())
    assert await camille.hears() == []
    assert "vous êtes de retour" in said(await camille.writes("/absent fin"))
    await nadia_on_telegram.presses("Poser une autre question")
    second = await asks_for_a_human(nadia_on_telegram)
    assert f"Demande n° {second}" in said(await camille.hears())
