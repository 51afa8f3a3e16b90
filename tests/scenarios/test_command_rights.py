"""Which referent's command does what, for each role at home and away: the table is data."""

import itertools
import re
from dataclasses import dataclass

import pytest

from handlers import escalation, referent_commands
from handlers.commands import COMMANDS
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts
from tests.actors import TelegramCitizen, texts
from tests.rights import PEOPLE, WHO
from tests.scenarios.desk import Colleague, appoint, said
from tests.stage import Stage

_fresh = itertools.count(1)
NOT_FOUND = "Je ne trouve pas de demande"


@dataclass(frozen=True, slots=True)
class Order:
    """Those of `who` (a line of tests/rights.py) hear `done`, the others `refused`.

    `{number}` is a demand of the Doubs, opened for each asking.
    """

    words: str
    who: str
    done: str
    refused: str = NOT_FOUND


ORDERS = [
    Order("demandes", "tickets", "demande(s) ouverte(s)", "Aucune demande ouverte"),
    Order("prendre {number}", "tickets", "est à vous"),
    Order("repondre {number} Bonjour", "tickets", "part vers la personne"),
    Order("note {number} À rappeler", "tickets", "Note interne ajoutée"),
    Order("transmettre {number} 25", "tickets", "est transmise"),
    Order("clore {number}", "tickets", "est close"),
    Order("absent 24/12", "everybody", "vous êtes absent"),
    Order("modeles", "everybody", "Vos modèles de réponse"),
    Order("horaires", "everybody", "Vous suivez les horaires"),
    Order("action moi relancer la DRAC", "everybody", "C'est noté, action n°"),
    Order("blocage", "everybody", "point bloquant n'est ouvert"),
    Order("blocage rejoint 99", "everybody", "Je ne trouve pas de point bloquant n° 99"),
    Order("structure Le Rex", "everybody", "Je ne trouve pas de structure"),
    Order("structures", "everybody", "Aucune structure de vos territoires"),
    Order("juger", "everybody", "Plus aucune réponse n'attend votre avis"),
    Order("semaine", "everybody", "Point de la semaine"),
    Order("console", "everybody", "lien vers la console, valable"),
    Order("aide", "everybody", "Vous êtes référent ici"),
    Order("help", "everybody", "Vous êtes référent ici"),
]


def test_the_table_holds_every_command() -> None:
    commands, tried = set(referent_commands.COMMANDS), {order.words.split()[0] for order in ORDERS}
    lines = [f'    Order("{name} {{number}}", who, done),' for name in sorted(commands - tried)]
    assert lines == [], f"add to ORDERS, who being one of {', '.join(WHO)}:\n" + "\n".join(lines)
    assert tried - commands == set(), "these are commands no more: take them out of ORDERS"


async def test_what_each_may_command(stage: Stage) -> None:
    """What differs from the table, all at once."""
    people = {who: await _appoint(stage, who) for who in PEOPLE}
    wrong = []
    for order in ORDERS:
        for who, person in people.items():
            number = await stage.turn(_open) if order.who == "tickets" else None
            await person.hears()
            heard = said(await person.writes("/" + order.words.format(number=number)))
            expected = order.done if who in WHO[order.who] else order.refused
            if expected.lower() not in heard.lower():
                wrong.append(f"/{order.words}, {who}: {heard[:200]}")
    assert wrong == []


async def test_the_help_tells_of_every_command_and_of_what_a_bot_cannot_see(stage: Stage) -> None:
    for who in ("referent here", "editor away"):
        heard = said(await (await _appoint(stage, who)).writes("/aide"))
        told = set(re.findall(r"/(\w+)", heard))
        assert told >= (COMMANDS.keys() | referent_commands.COMMANDS.keys()) - {"start", "aide", "help"}
        assert "Un robot ne voit pas les messages supprimés dans Telegram" in heard


@pytest.mark.fault(66)
async def test_commands_of_referents_are_none_for_others(stage: Stage) -> None:
    somebody, number = TelegramCitizen(stage), await stage.turn(_open)
    for order in ORDERS:
        heard = texts(await somebody.says("/" + order.words.format(number=number)))
        known = order.words in ("aide", "help")
        assert ("Je ne connais pas la commande" in heard) is not known, order
        assert order.done.lower() not in heard.lower(), order


async def _appoint(stage: Stage, who: str) -> Colleague:
    role, territory = PEOPLE[who]
    return await appoint(stage, f"Personne {who}", role=role, territories=territory)


def _open(turn: Turn) -> int:
    """Somebody of the Doubs was handed over."""
    contact = contacts.at(turn.session, f"web:somebody{next(_fresh)}", now=turn.now)
    contact.territory, contact.audience = "25", "jeune"
    talk = Talk.of(contact)
    ticket = escalation.hand_over(turn, contact, talk, question_id=None, theme=None)
    talk.save(contact)
    return ticket.number
