"""Reply templates from Telegram: the list, the preview, and nothing sent before the button."""

import pytest

from tests.actors import CoreCitizen, TelegramCitizen, texts
from tests.fake_telegram.person import Heard
from tests.scenarios.desk import Colleague, asks_for_a_human, said, ticket
from tests.stage import Stage


def preview(heard: list[Heard]) -> Heard:
    """What would go out, among all that was heard."""
    return next(one for one in heard if "Rien n'est encore envoyé." in one.text)


async def test_the_list_names_every_template(stage: Stage, camille: Colleague) -> None:
    heard = said(await camille.writes("/modeles"))
    templates = stage.house.library.base.templates
    assert len(templates) >= 12
    assert all(f"#{template.id} : {template.title}" in heard for template in templates.values())


async def test_a_template_is_shown_filled_in_and_sent_by_its_button_once(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    shown = preview(await camille.writes(f"/repondre {number} #resolu"))
    assert f"je clos votre demande n° {number}" in shown.text
    assert "Camille Martin, référent du pass Culture – Doubs (25)" in shown.text
    assert shown.buttons == ("Envoyer", "Ne pas envoyer")
    assert await nadia_on_telegram.hears() == []
    assert (await ticket(stage, number)).state == "waiting"
    await camille.presses("Envoyer", on=shown)
    got = texts(await nadia_on_telegram.hears())
    assert f"Réponse de votre référent (demande n° {number})\n\nBonjour," in got
    assert "Camille Martin, référent du pass Culture – Doubs (25)" in got
    assert (await ticket(stage, number)).referent_id == camille.id
    assert "déjà parti" in said(await camille.presses("Envoyer", on=shown))
    assert await nadia_on_telegram.hears() == []


async def test_a_link_opens_the_entry_where_the_person_is(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    """Within Telegram for who asks there; on the public page for who asks on the web."""
    ada = CoreCitizen(stage)
    for citizen, start in (
        (nadia_on_telegram, "https://t.me/souffleur_bot?start="),
        (ada, f"{stage.house.world().public_url}/fiches/"),
    ):
        number = await asks_for_a_human(citizen, "Besançon")
        shown = preview(await camille.writes(f"/repondre {number} #support-pro"))
        links = [entity.get("url") for entity in shown.raw["entities"]]
        assert f"{start}pro-contact-support" in links


async def test_only_the_newest_preview_is_sent(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    first = preview(await camille.writes(f"/repondre {number} #resolu"))
    second = preview(await camille.writes(f"/repondre {number} #hors-sujet"))
    assert "écrivez-le de nouveau" in said(await camille.presses("Envoyer", on=first))
    assert "rien n'a été envoyé" in said(await camille.presses("Ne pas envoyer", on=second))
    assert "écrivez-le de nouveau" in said(await camille.presses("Envoyer", on=second))
    assert await nadia_on_telegram.hears() == []


@pytest.mark.parametrize("text", ["#1 est le bon numéro", "# resolu, merci", "#é"])
async def test_what_only_begins_like_a_template_is_a_reply(
    nadia_on_telegram: TelegramCitizen, camille: Colleague, text: str
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    await camille.writes(f"/repondre {number} {text}")
    assert text in texts(await nadia_on_telegram.hears())


async def test_an_unknown_template_and_somebody_elses_demand(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert "Il n'y a pas de modèle « nulle-part »" in said(
        await camille.writes(f"/repondre {number} #nulle-part")
    )
    elsewhere = await asks_for_a_human(TelegramCitizen(stage), "Lille")
    assert "Je ne trouve pas de demande" in said(await camille.writes(f"/repondre {elsewhere} #resolu"))
    assert "Je ne connais pas la commande" in texts(await nadia_on_telegram.says("/modeles"))
