"""What the page of one entry shows: how it is said at each door, where it comes from, what is on hold."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.telegram import render as telegram
from bot.web.console import freezes
from bot.web.console.freezes import Freeze
from bot.web.render import message_html
from handlers import holds
from handlers.turn import Turn
from knowledge import answering
from knowledge.advice import stale
from knowledge.entries import Audience, Entry, Source

HANDOFFS = {"always": "toujours, après la réponse", "after_answer": "proposée après la réponse"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One wording, as each door shows it."""

    name: str
    web: Markup
    telegram: tuple[str, ...]
    """The messages that it makes there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    id: str
    title: str
    theme: str
    audiences: str
    tags: tuple[str, ...]
    as_of: str
    checked: str
    valid: str
    handoff: str
    limits: str
    stale: str | None
    held: bool
    freezes: tuple[Freeze, ...]
    """What holds it: itself, or one of its tags."""
    versions: tuple[Version, ...]
    sources: tuple[Source, ...]
    phrasings: tuple[str, ...]
    negatives: tuple[str, ...]
    related: tuple[tuple[str, str], ...]


def detail(turn: Turn, entry: Entry) -> Detail:
    base = turn.world.knowledge
    frozen = [one for one in freezes.active(turn) if _concerns(one, entry)]
    related = (base.entry(entry_id) for entry_id in entry.related)
    return Detail(
        id=entry.id,
        title=entry.title,
        theme=base.themes.get(entry.theme, entry.theme),
        audiences=", ".join(_audience(turn, one) for one in entry.audiences),
        tags=entry.tags,
        as_of=entry.information_date() or "sans date",
        checked=f"{entry.checked:%d/%m/%Y}" if entry.checked else "jamais",
        valid=_valid(entry),
        handoff=HANDOFFS.get(entry.handoff or "", "seulement à la demande"),
        limits=_limits(entry),
        stale=stale(entry, turn.today),
        held=holds.current(turn).covers(entry),
        freezes=tuple(frozen),
        versions=tuple(_versions(turn, entry)),
        sources=entry.sources,
        phrasings=entry.phrasings,
        negatives=entry.negatives,
        related=tuple((one.id, one.title) for one in related if one is not None),
    )


def _concerns(freeze: Freeze, entry: Entry) -> bool:
    return freeze.target == entry.id if freeze.kind == "entry" else freeze.target in entry.tags


def _audience(turn: Turn, name: str) -> str:
    return "Tous" if name == "general" else turn.texts(f"audience.{Audience(name)}")


def _versions(turn: Turn, entry: Entry) -> Iterator[Version]:
    """The answer, those for one audience, the one in easy French."""
    yield _version(turn, entry, "Réponse", audience=None)
    for audience in entry.variants:
        yield _version(turn, entry, f"Pour : {_audience(turn, audience)}", audience=audience)
    if entry.facile is not None:
        yield _version(turn, entry, "Version facile à lire", audience=None, facile=True)


def _version(
    turn: Turn, entry: Entry, name: str, *, audience: Audience | None, facile: bool = False
) -> Version:
    text = answering.answer_text(turn.world.knowledge, entry, audience=audience, on=turn.today, facile=facile)
    messages = (telegram.render(part, light_markdown=True).text for part in telegram.pages(text, True))
    return Version(name=name, web=message_html(text, markup=True), telegram=tuple(messages))


def _valid(entry: Entry) -> str:
    start = f"du {entry.valid_from:%d/%m/%Y}" if entry.valid_from else ""
    end = f"jusqu'au {entry.valid_until:%d/%m/%Y}" if entry.valid_until else ""
    return f"{start} {end}".strip() or "sans limite"


def _limits(entry: Entry) -> str:
    ages = ", ".join(map(str, entry.only.ages))
    years = ", ".join(map(str, entry.only.years))
    return " ; ".join(filter(None, (ages and f"âges : {ages}", years and f"années : {years}"))) or "aucune"
