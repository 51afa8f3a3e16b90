"""Commands about what we know: `ask`, `chat`, `check`, `evaluate`."""

import json
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from bot.app import House
from bot.cli import reporting, talking
from bot.cli.console import err, fail, matcher_of, out, ready_settings, with_house
from bot.cli.plotting import draw_reliability
from bot.config import load_settings
from bot.library import Library
from handlers import holds, overlay
from handlers.overlay import Live
from knowledge import comparing, evaluation
from knowledge.answering import answer_text
from knowledge.entries import Audience
from knowledge.errors import KnowledgeError, Problem
from knowledge.examples import Message
from knowledge.loading import examine
from knowledge.markup import plain
from knowledge.outcomes import Match

AudienceOption = Annotated[Audience | None, typer.Option(help="Who asks.")]


def ask(
    text: Annotated[str | None, typer.Argument(help="The message, as a person would write it.")] = None,
    audience: AudienceOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON lines on stdin, write one for each.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Heed the database: what is on hold, what was accepted.")
    ] = False,
) -> None:
    """What the bot would do with a message, with scores and why. Needs no database and no token."""
    if not jsonl and text is None:
        raise typer.BadParameter("give a TEXT, or --jsonl", param_hint="TEXT")
    library, heeding = _live() if live else (_library(), Live())
    matcher_of(library)
    if jsonl:
        raise typer.Exit(_ask_lines(library, heeding))
    if as_json:
        out.print(
            json.dumps(_asked(library, {"text": text, "audience": audience}, heeding), ensure_ascii=False),
            markup=False,
        )
        return
    _explain(library, text or "", audience, heeding)


def chat(audience: AudienceOption = None) -> None:
    """A conversation in the terminal, on a temporary database."""
    raise typer.Exit(talking.talk(_library(), audience))


def check() -> None:
    """Check the settings and the content: every problem with file and line."""
    settings = load_settings()
    _, problems = examine(settings.knowledge_dir, today=datetime.now(settings.zone).date())
    errors = [problem for problem in problems if not problem.warning]
    for problem in problems:
        mark = "attention" if problem.warning else "erreur"
        out.print(f"{problem} [{mark}]", markup=False)
    if errors:
        raise typer.Exit(fail(f"{len(errors)} erreur(s) dans le contenu.", [], code=1))
    err.print(f"Settings and content are fine ({len(problems)} warning(s)).")


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Labelled messages: YAML or JSONL.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    compare: Annotated[
        Path | None, typer.Option(help="A report of --json: show what changed since.", metavar="REPORT")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw what scores said beside what was right.", metavar="PNG")
    ] = None,
) -> None:
    """Score labelled messages."""
    kept = comparing.read_kept(compare) if compare else None
    messages: list[Message] = []
    problems: list[Problem] = []
    for file in files:
        found, faults = evaluation.read_messages(file)
        messages += found
        problems += faults
    if problems:
        raise typer.Exit(fail("Ces messages ne peuvent pas être lus :", [str(p) for p in problems], code=1))
    matcher = matcher_of(_library())
    lines = [
        evaluation.score(message, evaluation.decide(matcher, message))
        for message in track(messages, description="Evaluating", console=err, transient=True)
    ]
    report = evaluation.summarise(lines)
    changes = comparing.compare(kept, report) if kept else None
    if plot is not None:
        draw_reliability(report.reliability, plot)
    if as_json:
        data = report.to_dict() | ({"comparison": changes.to_dict()} if changes else {})
        out.print(json.dumps(data, ensure_ascii=False, indent=2), markup=False)
    elif changes:
        reporting.show_changes(changes)
    else:
        reporting.show(report)


def _live() -> tuple[Library, Live]:
    """The content, and what the database makes of it now."""

    async def look(house: House) -> tuple[Library, Live]:
        heeding = await house.turn(overlay.live)
        house.library.teach(heeding.added)
        house.library.learn_if_known()
        return house.library, heeding

    return with_house(look)


def _library() -> Library:
    settings = ready_settings()
    return Library(settings.knowledge_dir, settings.shelf)


def _ask_lines(library: Library, heeding: Live) -> int:
    """One line out for each line in, in order, flushed; a bad one is said and the rest goes on."""
    code = 0
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        given: Any = None
        try:
            given = json.loads(line)
            answer = _asked(library, given, heeding)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            identifier = given.get("id") if isinstance(given, dict) else None
            answer, code = {"id": identifier, "error": _why(error)}, 1
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return code


def _asked(library: Library, given: Any, heeding: Live) -> dict[str, Any]:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ValueError("a JSON object with a string « text » is needed")
    audience = Audience(given["audience"]) if given.get("audience") else None
    previous = given.get("prev")
    if previous is not None and not isinstance(previous, str):
        raise ValueError("« prev » must be a string")
    start = time.perf_counter()
    match = heeding.heeded(library.base, given["text"], library.find(given["text"], audience, previous))
    elapsed = (time.perf_counter() - start) * 1000
    return {
        "id": given.get("id"),
        "outcome": match.outcome,
        "entries": [{"id": c.entry_id, "score": round(c.score, 1)} for c in match.candidates[:5]],
        "parts": [list(part) for part in match.parts],
        "answer": _answer(library, match, audience),
        "ms": round(elapsed, 2),
    }


def _answer(library: Library, match: Match, audience: Audience | None) -> str | None:
    """The text that the person gets when the outcome is an answer, else null."""
    entry = library.base.entry(match.candidates[0].entry_id) if match.candidates else None
    if match.outcome != "answer" or entry is None:
        return None
    today = datetime.now(load_settings().zone).date()
    return plain(answer_text(library.base, entry, audience=audience, on=today))


def _explain(library: Library, text: str, audience: Audience | None, heeding: Live) -> None:
    explanation = library.matcher.explain(text, audience=audience)
    exact = heeding.added.exact(library.base, text)
    if exact is not None:
        explanation = replace(explanation, match=exact, reason="formulation acceptée, mot pour mot")
    match = holds.heeded(library.base, explanation.match, heeding.held)
    if match != explanation.match:
        explanation = replace(explanation, match=match, reason=f"{explanation.reason} ; fiche suspendue")
    reporting.explain(library.base, explanation)
    answer = _answer(library, explanation.match, audience)
    if answer is not None:
        out.print(f"\n{answer}", markup=False)


def _why(error: Exception) -> str:
    if isinstance(error, KnowledgeError):
        return str(error)
    return f"{error}" or type(error).__name__
