"""The command line: the table of contents of what an operator can type."""

import sys
from collections.abc import Callable

import typer

from bot.cli import (
    asking,
    authoring,
    content,
    demo,
    directory,
    exporting,
    keeping,
    newsletter,
    operations,
    queues,
    serving,
    structures,
    week_report,
)
from bot.cli.console import fail
from bot.config import SettingsError
from bot.schema import CannotStart
from knowledge.errors import KnowledgeError
from storage.database import DatabaseUnavailable

app = typer.Typer(
    name="souffleur",
    help="Souffleur, the first-level support assistant of the pass Culture's territorial referents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_COMMANDS: tuple[Callable[..., None], ...] = (
    serving.run,
    serving.worker,
    serving.web,
    serving.migrate,
    asking.ask,
    asking.chat,
    asking.check,
    asking.evaluate,
    operations.settings,
    operations.forget,
    week_report.report,
    newsletter.newsletter,
    keeping.backup,
    keeping.restore,
    directory.login_link,
)
for _command in _COMMANDS:
    app.command()(_command)
for _command in (authoring.new, authoring.show, authoring.stats, exporting.export):
    content.app.command()(_command)
app.add_typer(directory.app, name="referent", help="The directory of referents.")
app.add_typer(content.app, name="content", help="The content: its entries, and what is on hold.")
app.add_typer(demo.app, name="demo", help="Data to look at, clearly marked as made up.")
app.add_typer(structures.app, name="structures", help="The directory of structures.")
app.add_typer(queues.app, name="queue", help="The inbox and the outbox.")


def main() -> None:
    """Runs the command that was typed."""
    sys.exit(call(sys.argv[1:]))


def call(arguments: list[str]) -> int:
    """Runs a command. Exit codes: 0 done, 1 refused or problems found, 2 usage or settings."""
    try:
        result = app(args=arguments, standalone_mode=False)
    except typer.Exit as exit_:
        return exit_.exit_code
    except SettingsError as error:
        return fail("These settings cannot be used:", error.problems, code=2)
    except KnowledgeError as error:
        return fail("Le contenu ne peut pas être chargé :", [str(p) for p in error.problems], code=1)
    except CannotStart as error:
        return fail(str(error), [], code=1)
    except DatabaseUnavailable as error:
        return fail(f"The database cannot be used: {error}", [], code=1)
    except (KeyboardInterrupt, BrokenPipeError):
        return 130
    except Exception as error:
        # Typer's own errors (unknown option, missing argument) know how to show themselves.
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        return 2
    return result if isinstance(result, int) else 0
