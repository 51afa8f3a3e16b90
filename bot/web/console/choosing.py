"""The filters of the list as fields of a form: each value with the number of demands it would leave."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.web.console import wording
from bot.web.console.filters import AGES, DUES, NOT_KNOWN, STATES, Filters, region_word, territories
from handlers import routing
from handlers.turn import Turn
from storage.desk import UNKNOWN, Facet

_AGES: Mapping[str, str] = {
    "aujourdhui": "Ouverte aujourd’hui",
    "plus-d-un-jour": "Ouverte depuis plus d’un jour",
}
_DUES: Mapping[str, str] = {"bientot": "Échéance proche", "depasse": "En retard"}
_LABELS: Mapping[str, str] = {
    "etat": "État",
    "territoire": "Territoire",
    "public": "Public",
    "theme": "Thème",
    "age": "Âge",
    "delai": "Délai",
}

Counts = Mapping[Facet, Counter[str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One value, and how many demands it would leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Options under a heading; without one they stand alone."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its name in the address, what it is called, what is chosen, what can be."""

    name: str
    label: str
    value: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the list without it."""

    name: str
    label: str
    address: str


def choices(turn: Turn, wanted: Filters, counts: Counts) -> tuple[Choice, ...]:
    """Values that would leave nothing are not offered, but for the one that is chosen."""
    alone: dict[str, Iterator[Option]] = {
        "etat": (Option(word, _state(turn, word), counts["state"][state]) for word, state in STATES.items()),
        "public": _named(wording.audiences(turn.world), counts["audience"]),
        "theme": _named(turn.world.knowledge.themes, counts["theme"]),
        "age": (Option(word, _AGES[word], counts["age"][age]) for word, age in AGES.items()),
        "delai": (Option(word, _DUES[word], counts["due"][due]) for word, due in DUES.items()),
    }
    fields: dict[str, tuple[Group, ...]] = {}
    for name, options in alone.items():
        fields[name] = (Group("", _worth(options, getattr(wanted, name))),)
    fields["territoire"] = _territories(turn, wanted.territoire, counts["territory"])
    return tuple(Choice(name, _LABELS[name], getattr(wanted, name), fields[name]) for name in _LABELS)


def chips(turn: Turn, wanted: Filters) -> tuple[Chip, ...]:
    """One for each filter that is set."""
    words = {
        "q": f"« {wanted.q} »",
        "etat": _state(turn, wanted.etat),
        "territoire": _place(turn, wanted.territoire),
        "public": wording.audiences(turn.world).get(wanted.public, "Public inconnu"),
        "theme": turn.world.knowledge.themes.get(wanted.theme, "Sans thème"),
        "age": _AGES.get(wanted.age, ""),
        "delai": _DUES.get(wanted.delai, ""),
        "nonlues": "À lire",
    }
    return tuple(
        Chip(name, label, wanted.address(**{name: ""}))
        for name, label in words.items()
        if getattr(wanted, name)
    )


def _named(names: Mapping[str, str], counter: Counter[str]) -> Iterator[Option]:
    for value, label in names.items():
        yield Option(value, label, counter[value])
    yield Option(NOT_KNOWN, "Non précisé", counter[UNKNOWN])


def _worth(options: Iterator[Option], chosen: str) -> tuple[Option, ...]:
    return tuple(option for option in options if option.count or option.value == chosen)


def _territories(turn: Turn, chosen: str, counter: Counter[str]) -> tuple[Group, ...]:
    """Regions, and in each its départements: those that have demands."""
    regions: dict[str, list[Option]] = {}
    totals: Counter[str] = Counter()
    for one in turn.world.knowledge.territories.all():
        whole = region_word(one.region_code)
        totals[whole or ""] += counter[one.code]
        options = regions.setdefault(
            one.region, [Option(whole, f"{one.region}, en entier", 0)] if whole else []
        )
        options.append(Option(one.code, one.label, counter[one.code]))
    groups = [
        Group(region, _worth((_with_total(option, totals) for option in options), chosen))
        for region, options in sorted(regions.items())
    ]
    unknown = Group("", _worth(iter([Option(NOT_KNOWN, "Territoire inconnu", counter[UNKNOWN])]), chosen))
    return tuple(group for group in (*groups, unknown) if group.options)


def _with_total(option: Option, totals: Counter[str]) -> Option:
    return Option(option.value, option.label, totals[option.value]) if option.value in totals else option


def _place(turn: Turn, word: str) -> str:
    if word == NOT_KNOWN:
        return "Territoire inconnu"
    codes = territories(turn, word)
    if len(codes) == 1:
        return routing.territory_name(turn, next(iter(codes)))
    return next((turn.world.knowledge.territories.region_of(code) or word for code in sorted(codes)), word)


def _state(turn: Turn, word: str) -> str:
    return turn.texts(f"ticket.state.{STATES[word]}").capitalize() if word else ""
