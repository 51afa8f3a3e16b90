"""What each command does; those of referents are in `referent_commands`."""

from collections.abc import Callable

from handlers import (
    answer,
    demands,
    feedback,
    greeting,
    guide,
    infos_chat,
    privacy,
    referent_chat,
    referent_commands,
)
from handlers.delivery import say
from handlers.events import CommandGiven
from handlers.talk import Talk
from handlers.turn import Turn
from storage import questions
from storage.tables import Contact

Doing = Callable[[Turn, Contact, Talk, str], None]

GUIDE = "parcours-"


def give(turn: Turn, contact: Contact, talk: Talk, event: CommandGiven) -> None:
    """Does what a command asks; an unknown one gets the help."""
    if referent_commands.give(turn, contact, event):
        return
    doing = COMMANDS.get(event.name)
    if doing is None:
        say(turn, contact, "command.unknown", command=event.name[:40])
        greeting.help_text(turn, contact)
        return
    doing(turn, contact, talk, event.argument)


def start(turn: Turn, contact: Contact, talk: Talk, argument: str) -> None:
    """`/start`, with `dep-25`, `parcours-<guide>`, an entry or `invite-…`; all else is only a greeting."""
    if argument.startswith("invite-"):
        referent_chat.accept_invitation(turn, contact, argument.removeprefix("invite-"))
        return
    greeting.welcome(turn, contact)
    if argument.startswith("dep-"):
        territory = turn.world.knowledge.territories.by_code(argument.removeprefix("dep-").upper())
        if territory is not None:
            contact.territory = territory.code
            questions.place(turn.session, contact.id, territory.code)
            say(turn, contact, "territory.kept", territory=territory.label)
    elif argument.removeprefix(GUIDE) in turn.world.knowledge.guides and argument.startswith(GUIDE):
        guide.start(turn, contact, talk, argument.removeprefix(GUIDE))
    elif turn.world.knowledge.entry(argument) is not None:
        answer.show_entry(turn, contact, talk, argument)


COMMANDS: dict[str, Doing] = {
    "start": start,
    "aide": lambda t, c, _, __: greeting.help_text(t, c),
    "help": lambda t, c, _, __: greeting.help_text(t, c),
    "themes": lambda t, c, _, __: greeting.themes(t, c),
    "referent": lambda t, c, k, _: feedback.hand_over_last(t, c, k),
    "mesdemandes": lambda t, c, k, _: demands.show(t, c, k),
    "infos": lambda t, c, _, __: infos_chat.show(t, c),
    "stop": lambda t, c, _, __: infos_chat.stop(t, c, None, "command"),
    "mesdonnees": lambda t, c, _, __: privacy.show(t, c),
    "effacer": lambda t, c, _, __: privacy.ask_erasure(t, c),
    "confidentialite": lambda t, c, _, __: privacy.notice(t, c),
}
"""The table of contents of what commands can do."""
