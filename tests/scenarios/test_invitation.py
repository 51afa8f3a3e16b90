"""A referent's Telegram account: invited, used once, confirmed or refused by an administrator."""

from handlers import invitations
from handlers.turn import Turn
from storage import directory
from tests.actors import CoreCitizen, TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, said
from tests.stage import Stage

VOID = "Cette invitation n'est plus valable"


async def invited(stage: Stage, name: str = "Lou Bernard", territories: str = "39") -> str:
    """Adds somebody who has only an invitation; its payload."""
    lou = await appoint(stage, name, territories=territories, telegram=False)

    def work(turn: Turn) -> str:
        referent = directory.get(turn.session, lou.id)
        assert referent is not None
        return invitations.invite(turn, referent)

    return await stage.turn(work)


async def accounts(stage: Stage) -> set[int]:
    return await stage.turn(
        lambda turn: {one.telegram_id for one in directory.everyone(turn.session) if one.telegram_id}
    )


async def test_an_account_is_linked_when_an_administrator_confirms_it(stage: Stage, diane: Colleague) -> None:
    payload = await invited(stage)
    lou = TelegramCitizen(stage)
    assert "Un administrateur doit encore confirmer" in texts(await lou.says(f"/start {payload}"))
    assert "Je ne connais pas la commande" in texts(await lou.says("/demandes"))
    heard = await diane.hears()
    assert f"Le compte Telegram n° {lou.person.id} a utilisé l'invitation de Lou Bernard" in said(heard)
    assert heard[-1].buttons == ("Confirmer", "Refuser")
    assert "C'est confirmé" in said(await diane.presses("Confirmer"))
    assert "Bienvenue Lou Bernard" in texts(await lou.hears())
    assert "Aucune demande" in texts(await lou.says("/demandes"))
    assert "déjà traitée" in said(await diane.presses("Refuser"))
    assert lou.person.id in await accounts(stage)


async def test_a_refused_account_has_no_rights_and_is_told(stage: Stage, diane: Colleague) -> None:
    payload = await invited(stage)
    lou = TelegramCitizen(stage)
    await lou.says(f"/start {payload}")
    await diane.hears()
    assert "C'est refusé" in said(await diane.presses("Refuser"))
    assert "n'a pas confirmé ce compte" in texts(await lou.hears())
    assert "déjà traitée" in said(await diane.presses("Confirmer"))
    assert "Je ne connais pas la commande" in texts(await lou.says("/demandes"))
    assert lou.person.id not in await accounts(stage)


async def test_an_invitation_works_once(stage: Stage, diane: Colleague) -> None:
    payload = await invited(stage)
    first, second = TelegramCitizen(stage), TelegramCitizen(stage)
    await first.says(f"/start {payload}")
    assert VOID in texts(await second.says(f"/start {payload}"))


async def test_an_invitation_lives_for_48_hours(stage: Stage, diane: Colleague) -> None:
    payload = await invited(stage)
    other = await invited(stage, "Sam Petit", "90")
    await stage.later(hours=47)
    assert "confirmer" in texts(await TelegramCitizen(stage).says(f"/start {payload}"))
    await stage.later(hours=2)
    assert VOID in texts(await TelegramCitizen(stage).says(f"/start {other}"))


async def test_a_made_up_invitation_is_void(stage: Stage, diane: Colleague) -> None:
    for payload in ("invite-", "invite-x", "invite-' OR 1=1 --", "invite-" + "A" * 3000):
        assert VOID in texts(await TelegramCitizen(stage).says(f"/start {payload}"))
    assert await diane.hears() == []


async def test_an_invitation_is_not_spent_by_the_wrong_door_or_account(
    stage: Stage, diane: Colleague, camille: Colleague
) -> None:
    payload = await invited(stage)
    assert VOID in texts(await CoreCitizen(stage).says(f"/start {payload}"))
    assert "déjà celui d'un référent" in said(await camille.writes(f"/start {payload}"))
    assert "confirmer" in texts(await TelegramCitizen(stage).says(f"/start {payload}"))


async def test_who_is_no_administrator_confirms_nothing(stage: Stage, diane: Colleague) -> None:
    payload = await invited(stage)
    lou = TelegramCitizen(stage)
    await lou.says(f"/start {payload}")
    asked = next(one for one in diane.person.heard() if "Confirmer" in one.buttons)
    data = asked.raw["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    lou.person.press_data(data)
    assert "plus valable" in texts(await lou.hears())
    assert lou.person.id not in await accounts(stage)
