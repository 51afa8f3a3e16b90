"""« Confiance »: where the zones begin and end, and the curve of the scores that they come from."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from bot.web.console.access import reading
from bot.web.keys import LIBRARY
from bot.web.render import page
from knowledge.confidence import Confidence, Thresholds
from knowledge.reliability import Bin

_SAYS = {
    "answer": ("Répondre", "Sûr de la première fiche : elle est donnée comme réponse à partir de là."),
    "propose": ("Proposer", "Sûr de la première fiche : en dessous, rien n'est proposé."),
    "decline": ("Décliner", "Au sujet du pass Culture : en dessous, le robot décline."),
    "decline_anchored": (
        "Décliner quand même",
        "La même chose quand un mot du message semble parler du pass Culture.",
    ),
    "decline_foreign": (
        "Décliner un autre dispositif",
        "La même chose quand le message nomme un autre dispositif ou une entreprise.",
    ),
}
SIDE = 240
"""Side of the curve, in units of its drawing."""


@dataclass(frozen=True, slots=True)
class Threshold:
    name: str
    effect: str
    value: int


@dataclass(frozen=True, slots=True)
class Point:
    """A bin of the curve: what was said, what was, and where it is drawn."""

    said: int
    right: int
    count: int
    x: float
    y: float


async def show(request: web.Request) -> web.Response:
    guest, _ = await reading(request, lambda turn, who: None)
    library = request.app[LIBRARY]
    confidence = (await asyncio.to_thread(lambda: library.matcher)).confidence
    return page(
        request,
        "console/confidence.html",
        guest=guest,
        thresholds=list(_thresholds(confidence.thresholds)),
        points=list(_points(confidence)),
        side=SIDE,
    )


def _thresholds(limits: Thresholds) -> Iterator[Threshold]:
    for field, (name, effect) in _SAYS.items():
        yield Threshold(name, effect, round(100 * getattr(limits, field)))


def _points(confidence: Confidence) -> Iterator[Point]:
    for one in confidence.curve:
        yield _point(one)


def _point(one: Bin) -> Point:
    return Point(
        said=round(100 * one.said),
        right=round(100 * one.right),
        count=one.count,
        x=round(SIDE * one.said, 1),
        y=round(SIDE * (1 - one.right), 1),
    )
