"""What a closed demand teaches: the card on its page, and what is proposed with it."""

from aiohttp import web

from bot.web.console import ticket
from bot.web.console.access import field, number_of
from handlers import lessons
from handlers.lessons import Idea


async def learn(request: web.Request) -> web.Response:
    """Proposes what the button says: a wording of an entry, a new entry, or a subject that is not ours."""
    number, idea = number_of(request), await idea_of(request, [await field(request, "phrase")])
    return await ticket.do(
        request, lambda turn, who: lessons.learn(turn, who, number, idea), "apprentissage", at="learn"
    )


async def idea_of(request: web.Request, texts: list[str]) -> Idea:
    """What the form says; the same fields wherever something is proposed."""
    kinds = {"fiche": "phrasing", "nouvelle": "entry", "hors-sujet": "off_topic"}
    return Idea(
        kind=kinds.get(await field(request, "suite"), "phrasing"),  # type: ignore[arg-type]  # its values
        texts=tuple(texts),
        impersonal=bool(await field(request, "impersonnel")),
        entry_id=await field(request, "fiche"),
        title=await field(request, "titre"),
        theme=await field(request, "theme"),
        audience=await field(request, "public"),
        answer=await field(request, "reponse"),
    )
