"""`/absent`: days as people write them, a replacement, the return; nothing noted when it is unclear."""

from storage import absences
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.stage import Stage

UNDERSTOOD = [
    ("20/12 04/01", "dimanche 20 décembre", "lundi 4 janvier 2027"),
    ("du 20/12 au 04/01", "dimanche 20 décembre", "lundi 4 janvier 2027"),
    ("20/12/2026 04/01", "dimanche 20 décembre", "lundi 4 janvier 2027"),
    ("20/12 04/01/2027", "dimanche 20 décembre", "lundi 4 janvier 2027"),
    ("24/11 27/11 remplaçant Sam Petit", "mardi 24 novembre", "vendredi 27 novembre"),
    ("du 24/11 au 27/11 remplacée par Paul Le Goff", "mardi 24 novembre", "vendredi 27 novembre"),
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
    ("01/12/9999 31/12/9999", "Écrivez par exemple"),
    ("31/12 01/01/0001", "Écrivez par exemple"),
    ("27/11 24/11", "Ces dates ne vont pas"),
    ("20/11", "Ces dates ne vont pas"),
    ("27/11/2026 24/11/2026", "Ces dates ne vont pas"),
    ("01/10/2026 02/10/2026", "Ces dates ne vont pas"),
    ("24/11/2026 24/11/2036", "Ces dates ne vont pas"),
    ("24/11 25/11 Zorglub", "Je ne trouve pas « Zorglub »"),
    ("24/11 25/11 Camille Martin", "Je ne trouve pas « Camille Martin »"),
]


async def test_days_are_understood(stage: Stage) -> None:
    await appoint(stage, "Sam Petit", territories="39")
    await appoint(stage, "Paul Le Goff", territories="39")
    for number, (words, first, last) in enumerate(UNDERSTOOD):
        someone = await appoint(stage, f"Lou {number}", territories="25")
        heard = said(await someone.writes(f"/absent {words}"))
        assert f"vous êtes absent du {first} au {last} inclus" in heard, words


async def test_in_january_december_was_last_month(stage: Stage, camille: Colleague) -> None:
    stage.clock.advance(days=40)  # 2 January 2027
    heard = said(await camille.writes("/absent 20/12 04/01"))
    assert "absent du dimanche 20 décembre 2026 au lundi 4 janvier inclus" in heard
    assert "Ces dates ne vont pas" in said(await camille.writes("/absent 20/12 26/12"))
    heard = said(await camille.writes("/absent 01/01 08/01"))
    assert "absent du dimanche 20 décembre 2026 au vendredi 8 janvier inclus" in heard


async def test_a_new_absence_takes_its_days_from_those_before(stage: Stage, camille: Colleague) -> None:
    await appoint(stage, "Sam Petit", territories="39")
    await camille.writes("/absent 07/12 18/12")
    await camille.writes("/absent 10/12 11/12 remplaçant : Sam Petit")
    listed = said(await camille.writes("/absent"))
    for line in (
        "du lundi 7 décembre au mercredi 9 décembre inclus (remplacement : —)",
        "du jeudi 10 décembre au vendredi 11 décembre inclus (remplacement : Sam Petit)",
        "du samedi 12 décembre au vendredi 18 décembre inclus (remplacement : —)",
    ):
        assert line in listed
    heard = said(await camille.writes("/absent 16/12 24/12"))
    assert "absent du samedi 12 décembre au jeudi 24 décembre inclus" in heard


async def test_one_absence_is_taken_back_and_the_others_stay(stage: Stage, camille: Colleague) -> None:
    assert "pas d'absence prévue" in said(await camille.writes("/absent annuler"))
    await camille.writes("/absent 07/12 09/12")
    await camille.writes("/absent 21/12")
    assert "Dites laquelle" in said(await camille.writes("/absent annuler"))
    assert "Dites laquelle" in said(await camille.writes("/absent annuler 10/12"))
    heard = said(await camille.writes("/absent annuler le 08/12"))
    assert "L'absence est retirée : du lundi 7 décembre au mercredi 9 décembre inclus" in heard
    assert "L'absence est retirée : lundi 21 décembre" in said(await camille.writes("/absent annuler"))
    assert "Écrivez par exemple" in said(await camille.writes("/absent"))


async def test_the_return_ends_the_present_absence_alone(stage: Stage, camille: Colleague) -> None:
    assert "pas absent aujourd'hui" in said(await camille.writes("/absent fin"))
    await camille.writes("/absent 23/11 27/11")
    await camille.writes("/absent 24/12 04/01")
    assert "vous êtes de retour" in said(await camille.writes("/absent fin"))
    listed = said(await camille.writes("/absent"))
    assert "novembre" not in listed
    assert "24 décembre" in listed


async def test_who_is_away_stands_in_for_nobody(stage: Stage, camille: Colleague) -> None:
    sam = await appoint(stage, "Sam Petit", territories="39")
    await sam.writes("/absent 28/12 31/12")
    heard = said(await camille.writes("/absent 20/12 04/01 Sam Petit"))
    assert "Sam Petit est aussi absent : du lundi 28 décembre au jeudi 31 décembre inclus" in heard
    assert "choisissez une autre personne" in heard
    assert "Écrivez par exemple" in said(await camille.writes("/absent"))
    assert "sinon à Sam Petit, qui en est averti" in said(
        await camille.writes("/absent 20/12 27/12 Sam Petit")
    )


async def test_who_stands_in_is_told_and_who_counted_on_them_too(stage: Stage, camille: Colleague) -> None:
    sam = await appoint(stage, "Sam Petit", territories="39")
    await camille.writes("/absent 20/12 04/01 Sam Petit")
    assert "Vous remplacez Camille Martin" in said(await sam.hears())
    await sam.writes("/absent 24/12 26/12")
    told = said(await camille.hears())
    assert "Sam Petit, qui devait vous remplacer, sera absent : du jeudi 24 décembre" in told


async def test_what_is_unclear_is_not_noted(stage: Stage, camille: Colleague) -> None:
    for words, answer in UNCLEAR:
        assert answer in said(await camille.writes(f"/absent {words}"))
    noted = await stage.turn(lambda turn: len(absences.to_come(turn.session, camille.id, now=turn.now)))
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


async def test_when_the_replacement_leaves_too_the_deputy_has_the_demands(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    sam, max_ = await appoint(stage, "Sam Petit"), await appoint(stage, "Max Roy")
    lou = await appoint(stage, "Lou Bernard", territories="52", deputy="Max Roy")
    await lou.writes("/absent 23/11 27/11 Sam Petit")
    await sam.writes("/absent 23/11")
    assert "Sam Petit, qui devait vous remplacer" in said(await lou.hears())
    number = await asks_for_a_human(nadia_on_telegram, "Haute-Marne")
    assert f"Demande n° {number}" in said(await max_.hears())
    assert f"Demande n° {number}" not in said(await sam.hears())
