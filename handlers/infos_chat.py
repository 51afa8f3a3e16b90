"""`/infos` and its buttons: what one may get, one clear question more, and the way out."""

from collections.abc import Mapping
from typing import Any

from handlers import infos
from handlers.delivery import Option, say
from handlers.routing import territory_name
from handlers.turn import Turn
from knowledge.markup import plain
from knowledge.normalising import fold
from knowledge.territories import Territory
from knowledge.texts import Raw
from storage import questions, subscriptions
from storage.subscriptions import Ending
from storage.tables import Contact

EVERYWHERE = "france"
"""Stands for the whole country where a button leads to a place."""
_STOP = "infos."
_WORDS = frozenset({"stop", "stop infos", "stop info", "desabonnement", "me desabonner", "desinscription"})
"""What people write to get nothing more, as text messages have taught them."""


def show(turn: Turn, contact: Contact) -> None:
    """What somebody gets now, and what they may choose."""
    held = subscriptions.open_of(turn.session, contact.id)
    joins = [
        Option("infos_ask", {"subject": one}, label=infos.name_of(turn, one))
        for one in infos.SUBJECTS
        if one not in held
    ]
    if not held:
        say(turn, contact, "infos.offer", joins)
        return
    lines = Raw("\n".join(_line(turn, one, place) for one, place in held.items()))
    stops = [_stop_option(turn, one) for one in held]
    say(turn, contact, "infos.held", [*stops, *_stop_all(held), Option("infos_move"), *joins], lines=lines)


def ask(turn: Turn, contact: Contact, subject: str) -> None:
    """Somebody wants a subject: where they are, if that is not known; then the question itself."""
    if contact.territory is None:
        _ask_region(turn, contact, subject)
    else:
        _ask_consent(turn, contact, subject, contact.territory)


def move(turn: Turn, contact: Contact) -> None:
    """Somebody is elsewhere now."""
    _ask_region(turn, contact, "")


def choose_region(turn: Turn, contact: Contact, subject: str, region: str) -> None:
    """The départements of a region, or at once the only one."""
    found = [one for one in turn.world.knowledge.territories.all() if one.region == region]
    if len(found) == 1:
        choose_place(turn, contact, subject, found[0].code)
        return
    options = [_place_option(subject, one) for one in found]
    say(turn, contact, "infos.which_place", options)


def choose_place(turn: Turn, contact: Contact, subject: str, code: str) -> None:
    """Keeps the place; without a subject, what is agreed to already is asked for anew there."""
    place = None if code == EVERYWHERE else code
    if place is not None:
        contact.territory = place
        questions.place(turn.session, contact.id, place)
    held = subscriptions.open_of(turn.session, contact.id)
    for one in [subject] if subject else held:
        _ask_consent(turn, contact, one, place)


def agree(turn: Turn, contact: Contact, given: Mapping[str, Any]) -> None:
    """The second, clear yes."""
    place = None if given["place"] == EVERYWHERE else str(given["place"])
    subject = str(given["subject"])
    infos.agree(turn, contact, subject, place, str(given["wording"]))
    say(
        turn,
        contact,
        "infos.agreed",
        [_stop_option(turn, subject)],
        subject=infos.name_of(turn, subject),
        place=_place(turn, place),
    )


def refuse(turn: Turn, contact: Contact) -> None:
    say(turn, contact, "infos.refused")


def stop(turn: Turn, contact: Contact, subject: str | None, by: Ending) -> None:
    """Ends one subject, or all; says so, and offers the rest."""
    left = infos.leave(turn, contact, subject, by)
    rest = subscriptions.open_of(turn.session, contact.id)
    names = ", ".join(f"« {infos.name_of(turn, one)} »" for one in left)
    if not left:
        say(turn, contact, "infos.nothing_held", [Option("infos")])
    elif rest:
        say(turn, contact, "infos.stopped_one", [Option("infos_stop_all")], names=names)
    else:
        say(turn, contact, "infos.stopped", names=names)


def stopped_by(choice: str) -> str | None:
    """The subject that a button under news ends: such a button works for as long as its message is there."""
    subject = choice.removeprefix(_STOP)
    return subject if choice.startswith(_STOP) and subject in infos.SUBJECTS else None


def stop_id(subject: str) -> str:
    """What such a button carries."""
    return f"{_STOP}{subject}"


def takes(turn: Turn, contact: Contact, text: str) -> bool:
    """Whether a message says « STOP » and nothing else, of somebody who gets news: it is done then."""
    if not says_stop(text) or not subscriptions.open_of(turn.session, contact.id):
        return False
    stop(turn, contact, None, "word")
    return True


def says_stop(text: str) -> bool:
    """Whether a message says so and nothing else."""
    return " ".join(fold(text).replace("/", " ").strip(" .!").split()) in _WORDS


def _ask_region(turn: Turn, contact: Contact, subject: str) -> None:
    regions = dict.fromkeys(one.region for one in turn.world.knowledge.territories.all())
    options = [
        Option("infos_region", {"subject": subject, "region": region}, label=region) for region in regions
    ]
    whole = Option("infos_place", {"subject": subject, "code": EVERYWHERE}, text="infos_everywhere")
    say(turn, contact, "infos.where", [whole, *options])


def _ask_consent(turn: Turn, contact: Contact, subject: str, place: str | None) -> None:
    """The sentence itself travels with the yes, so that the proof is what was read."""
    wording = turn.texts("infos.consent", subject=infos.name_of(turn, subject), place=_place(turn, place))
    given: dict[str, str | int] = {
        "subject": subject,
        "place": place or EVERYWHERE,
        "wording": plain(wording),
    }
    options = [Option("infos_agree", given), Option("infos_refuse")]
    say(
        turn,
        contact,
        "infos.consent",
        options,
        subject=infos.name_of(turn, subject),
        place=_place(turn, place),
    )


def _line(turn: Turn, subject: str, place: str | None) -> str:
    return turn.texts("infos.line", subject=infos.name_of(turn, subject), place=_place(turn, place))


def _place(turn: Turn, code: str | None) -> str:
    return territory_name(turn, code) if code is not None else turn.texts("infos.everywhere")


def _place_option(subject: str, place: Territory) -> Option:
    return Option("infos_place", {"subject": subject, "code": place.code}, label=place.label)


def _stop_option(turn: Turn, subject: str) -> Option:
    label = turn.texts("infos.stop", subject=infos.name_of(turn, subject))
    return Option("infos_stop", {"subject": subject}, label=label)


def _stop_all(held: Mapping[str, str | None]) -> list[Option]:
    return [Option("infos_stop_all")] if len(held) > 1 else []
