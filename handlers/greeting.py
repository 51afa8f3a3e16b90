"""First words: who we are, who reads, how long it is kept; before the first question is written down."""

from collections.abc import Sequence

from handlers.delivery import Option, say
from handlers.turn import Turn
from knowledge.entries import Audience, Entry
from knowledge.guides import Guide
from storage.tables import Contact

FREQUENT = 6


def welcome(turn: Turn, contact: Contact) -> None:
    """The greeting of `/start` and of the first visit."""
    contact.informed_at = turn.now
    say(turn, contact, "greeting", audience_options(turn))


def inform_once(turn: Turn, contact: Contact) -> None:
    """The same notice for people who write without a greeting, once."""
    if contact.informed_at is None:
        contact.informed_at = turn.now
        say(turn, contact, "notice.first", audience_options(turn))


def audience_options(turn: Turn) -> list[Option]:
    return [Option("audience", {"audience": a.value}, label=turn.texts(f"audience.{a}")) for a in Audience]


def choose_audience(turn: Turn, contact: Contact, audience: Audience) -> None:
    """Kept, changeable, never demanded; suggests what this audience asks most."""
    contact.audience = audience.value
    suggested = entry_list(turn.world.knowledge.frequent(audience)[:FREQUENT])
    say(turn, contact, "audience.kept", suggested, audience=turn.texts(f"audience.{audience}"))


def help_text(turn: Turn, contact: Contact) -> None:
    options = [
        Option("themes"),
        Option("audiences"),
        Option("infos"),
        Option("human"),
    ]
    say(turn, contact, "help", options)


def themes(turn: Turn, contact: Contact) -> None:
    """The guides and the themes that hold something for this person's audience."""
    base = turn.world.knowledge
    audience = Audience(contact.audience) if contact.audience in set(Audience) else None
    wanted = [entry for entry in base.entries.values() if audience is None or entry.is_for(audience)]
    present = dict.fromkeys(entry.theme for entry in wanted)
    options = [
        Option("theme", {"theme": theme}, label=base.themes[theme])
        for theme in present
        if theme in base.themes
    ]
    guides = [one for one in base.guides.values() if audience is None or one.is_for(audience)]
    say(turn, contact, "themes", [*guide_list(guides), *options])


def theme(turn: Turn, contact: Contact, theme_id: str) -> None:
    """The questions of one theme."""
    base = turn.world.knowledge
    audience = Audience(contact.audience) if contact.audience in set(Audience) else None
    inside = [entry for entry in base.entries.values() if entry.theme == theme_id]
    mine = [entry for entry in inside if audience is None or entry.is_for(audience)] or inside
    options = [*entry_list(mine), Option("themes", text="other_themes")]
    say(turn, contact, "theme.questions", options, theme=base.themes.get(theme_id, theme_id))


def guide_list(guides: Sequence[Guide]) -> list[Option]:
    return [Option("guide", {"guide": guide.id}, label=guide.title) for guide in guides]


def entry_list(entries: Sequence[Entry]) -> list[Option]:
    return [Option("entry", {"entry": entry.id}, label=entry.title) for entry in entries]
