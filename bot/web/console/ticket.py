"""One demand: its page, and what a referent does with it. Each form counts once, however often it is sent."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import beside, wording
from bot.web.console.access import LIVE, doing, field, not_found, number_of, reading
from bot.web.console.beside import Beside
from bot.web.console.composing import Draft
from bot.web.console.dossier import dossier
from bot.web.forms import numbers_in, see_other, whole
from bot.web.render import page
from handlers import audit, notes, referent, reopening, sharing, transfer
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import directory, reads, tickets
from storage.tables import Referent, Ticket

_CONFLICTS = frozenset({"blocking.over", "blocking.known_ticket"}) | frozenset(
    f"desk.{key}"
    for key in (
        "closed",
        "not_closed",
        "closed_anothers",
        "closed_long_ago",
        "taken_by",
        "erased",
        "unreachable",
    )
)
TYPED = (
    "text",
    "collegue",
    "territoire",
    "note",
    "legende",
    "partagees",
    "titre",
    "type",
    "blocage",
    "sujet",
    "structure",
)
"""Fields of the page's forms: what was typed into them comes back with a refusal."""
_FIELDS = {"shared.title": "titre", "shared.tick": "impersonnel"}
"""Where a refusal is shown that is about another field than the form's first one."""
DONE: Mapping[str, str] = {
    "reponse": "Votre réponse est partie.",
    "reponse-cloture": "Votre réponse est partie et la demande est close.",
    "partage": "Votre réponse type est partagée avec les collègues de tous les territoires.",
    "note": "Votre note est gardée. La personne ne la voit pas.",
    "modification": "Le message est modifié.",
    "suppression": "Le message est supprimé.",
    "renvoi": "Le message part à nouveau.",
    "piece": "Votre fichier est parti.",
    "prise": "Cette demande est à vous.",
    "transmission": "La demande est transmise.",
    "territoire": "Le territoire est corrigé.",
    "apprentissage": "Merci ! Un rédacteur décidera de votre proposition, et vous saurez ce qu'elle devient.",
    "cloture": "La demande est close. Si ce n'est pas résolu pour la personne, elle se rouvrira.",
    "blocage": "Le blocage est noté au registre.",
    "reouverture": "La demande est rouverte, à votre nom.",
    "structure": "La demande est reliée à sa structure.",
    "sans-structure": "La demande n'est plus reliée à une structure.",
}


async def show(request: web.Request) -> web.Response:
    return await whole_page(request, done=DONE.get(request.query.get("fait", "")))


async def reply(request: web.Request) -> web.Response:
    """Sends the words, light Markdown; with `cloture`, closes in the same breath."""
    number, text, closing = number_of(request), await field(request, "text"), await field(request, "cloture")
    shared = numbers_in(await field(request, "partagees"))

    def act(turn: Turn, who: Referent) -> Ticket | Refused:
        outcome = referent.reply(turn, who, number, text, markup=True)
        if not isinstance(outcome, Refused):
            sharing.count_uses(turn, shared)
        return outcome if isinstance(outcome, Refused) or not closing else referent.close(turn, who, number)

    return await do(request, act, "reponse-cloture" if closing else "reponse", at="text")


async def take(request: web.Request) -> web.Response:
    """Takes a waiting demand; one in other hands with `reprendre` only."""
    number, over = number_of(request), bool(await field(request, "reprendre"))
    return await do(request, lambda turn, who: referent.take(turn, who, number, over=over), "prise")


async def close(request: web.Request) -> web.Response:
    number = number_of(request)
    return await do(request, lambda turn, who: referent.close(turn, who, number), "cloture")


async def reopen(request: web.Request) -> web.Response:
    number = number_of(request)
    return await do(request, lambda turn, who: reopening.reopen(turn, who, number), "reouverture")


async def pass_on(request: web.Request) -> web.Response:
    """To a colleague chosen by number, or to a territory typed freely."""
    number, posted = number_of(request), await request.post()
    colleague, words = await field(request, "collegue"), await field(request, "territoire")
    note = await field(request, "note")

    def act(turn: Turn, who: Referent) -> object:
        target = _colleague(turn, colleague) if "collegue" in posted else _territory(turn, words)
        if isinstance(target, Refused):
            return target
        return transfer.pass_on(turn, who, number, target, note=note)

    at = "colleague" if "collegue" in posted else "pass_territory"
    return await do(request, act, "transmission", at=at)


async def correct_territory(request: web.Request) -> web.Response:
    number, words = number_of(request), await field(request, "territoire")

    def act(turn: Turn, who: Referent) -> object:
        code = _territory(turn, words)
        return code if isinstance(code, Refused) else transfer.correct_territory(turn, who, number, code)

    return await do(request, act, "territoire", at="territory")


async def add_note(request: web.Request) -> web.Response:
    """Keeps an internal note with the demand; nothing of it is sent."""
    number, text = number_of(request), await field(request, "note")
    return await do(request, lambda turn, who: notes.add(turn, who, number, text), "note", at="note")


async def do(
    request: web.Request,
    act: Callable[[Turn, Referent], object],
    word: str,
    *,
    at: str = "",
    fields: Mapping[str, str] | None = None,
) -> web.Response:
    """303 to the page, or the page again with what is wrong at the field `at` and nothing typed lost.

    `fields`: the form's, where it was read already.
    """
    number, form = number_of(request), fields.get("form", "") if fields is not None else None
    done = await doing(request, lambda turn, who: _refusal(act(turn, who)), form=form)
    if done is not None:
        names = await request.post() if fields is None else ()
        typed = fields if fields is not None else {name: await field(request, name) for name in names}
        return await refuse(request, done, at, typed)
    _, visible = await reading(
        request, lambda turn, who: tickets.for_referent(turn.session, number, who) is not None
    )
    if not visible:
        return see_other("/console?" + urlencode({"fait": word, "n": number}))
    return see_other(f"/console/demandes/{number}?" + urlencode({"fait": word}))


def _refusal(outcome: object) -> Refused | None:
    """All that is of use after the transaction: rows of the database are not."""
    return outcome if isinstance(outcome, Refused) else None


async def show_problem(request: web.Request, message: str, at: str) -> web.Response:
    """The page again, with what is wrong at the field `at`."""
    return await whole_page(request, status=422, errors={at: message}, at=at)


async def refuse(request: web.Request, refusal: Refused, at: str, typed: Mapping[str, str]) -> web.Response:
    """The page again with why nothing was done; 404 where there is no such demand for this referent."""
    if refusal.text == "desk.not_found":
        raise not_found()
    conflict = refusal.text in _CONFLICTS
    message = wording.sentence(turns.world(request), refusal)
    errors = {"" if conflict else _FIELDS.get(refusal.text, at): message}
    return await whole_page(request, status=409 if conflict else 422, errors=errors, typed=typed, at=at)


async def whole_page(
    request: web.Request,
    *,
    number: int | None = None,
    status: int = 200,
    done: str | None = None,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    at: str = "",
    preview: Draft | None = None,
) -> web.Response:
    """The demand's page: the one in the path unless a `number` is given; 404 when it is not the reader's."""
    asked = number_of(request) if number is None else number
    guest, (found, helpful) = await reading(
        request,
        lambda turn, who: (dossier(turn, who, asked), _helpful(request, turn, who, asked)),
        noting=lambda turn, who: _note_reading(turn, who, asked),
    )
    if found is None:
        raise not_found()
    return page(
        request,
        "console/ticket.html",
        status=status,
        guest=guest,
        ticket=found,
        done=done,
        errors=errors or {},
        typed={**dict.fromkeys(TYPED, ""), **(typed or {})},
        at=at,
        preview=preview,
        beside=await beside.looked_up(request, helpful) if helpful is not None else None,
        limit=referent.LONGEST_REPLY,
    )


def _note_reading(turn: Turn, who: Referent, number: int) -> None:
    audit.note_reading(turn, who, number)
    ticket = tickets.for_referent(turn.session, number, who)
    if ticket is not None:
        reads.look(turn.session, who, ticket)


def _helpful(request: web.Request, turn: Turn, who: Referent, number: int) -> Beside | None:
    """What stands beside the demand; it does not change while one reads, and costs the most."""
    return None if LIVE in request.headers else beside.gather(turn, who, number)


def _colleague(turn: Turn, chosen: str) -> str | Refused:
    found = directory.get(turn.session, whole(chosen, 0))
    return found.name if found is not None else refused("console.choose_colleague")


def _territory(turn: Turn, words: str) -> str | Refused:
    """The code of the one territory that the words mean."""
    found = turn.world.knowledge.territories.find(words)
    if not words or not found:
        return refused("console.unknown_territory", words=words[:60] or "…")
    if len(found) > 1:
        labels = ", ".join(territory.label for territory in found[:6])
        return refused("console.several_territories", words=words[:60], labels=labels)
    return found[0].code
