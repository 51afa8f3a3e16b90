"""What each command does; those of referents are in `referent_commands`."""

from collections.abc import Callable

from handlers import answer, escalation, feedback, greeting, guide, privacy, referent_chat, referent_commands
from handlers.delivery import Option, say
from handlers.events import CommandGiven
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import tickets
from storage.tables import Contact

Doing = Callable[[Turn, Contact, Talk, str], None]

FOLLOWED = 5
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
            say(turn, contact, "territory.kept", territory=territory.label)
    elif argument.removeprefix(GUIDE) in turn.world.knowledge.guides and argument.startswith(GUIDE):
        guide.start(turn, contact, talk, argument.removeprefix(GUIDE))
    elif turn.world.knowledge.entry(argument) is not None:
        answer.show_entry(turn, contact, talk, argument)


def my_tickets(turn: Turn, contact: Contact, talk: Talk) -> None:
    """The person's own tickets with their state; of several open ones, the one to write to can be chosen."""
    mine = tickets.of_contact(turn.session, contact.id)
    if not mine:
        say(turn, contact, "ticket.none")
        return
    lines = [
        turn.texts("ticket.line", number=ticket.number, state=turn.texts(f"ticket.state.{ticket.state}"))
        for ticket in mine[:20]
    ]
    options = [
        Option("follow", {"ticket": one.number}, label=turn.texts("ticket.follow", number=one.number))
        for one in mine[:FOLLOWED]
        if one.state in tickets.OPEN and one.number != talk.ticket
    ]
    say(turn, contact, "ticket.mine", [*options, escalation.ANOTHER_QUESTION], lines=Raw("\n".join(lines)))


COMMANDS: dict[str, Doing] = {
    "start": start,
    "aide": lambda t, c, _, __: greeting.help_text(t, c),
    "help": lambda t, c, _, __: greeting.help_text(t, c),
    "themes": lambda t, c, _, __: greeting.themes(t, c),
    "referent": lambda t, c, k, _: feedback.hand_over_last(t, c, k),
    "mesdemandes": lambda t, c, k, _: my_tickets(t, c, k),
    "mesdonnees": lambda t, c, _, __: privacy.show(t, c),
    "effacer": lambda t, c, _, __: privacy.ask_erasure(t, c),
    "confidentialite": lambda t, c, _, __: privacy.notice(t, c),
}
"""The table of contents of what commands can do."""
