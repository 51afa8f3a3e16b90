"""`content new`, `content show`, `content stats`: for the people who write the entries."""

import json
import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from rich.progress import track

from bot.cli import content_pages
from bot.cli.console import err, fail, matcher_of, out, ready_settings
from bot.config import Settings, load_settings
from bot.library import Library
from knowledge import crossfit, scaffold
from knowledge.census import census
from knowledge.entries import AudienceName, Identifier, KnowledgeBase
from knowledge.errors import Problem
from knowledge.loading import CONTENT, examine, load_knowledge
from knowledge.reading import read

EntryId = Annotated[str, typer.Argument(help="Id of the entry, such as credit-expiry.")]


def new(
    entry_id: EntryId,
    theme: Annotated[str, typer.Option(help="Theme: the file that the entry is added to, or a new one.")],
    audience: Annotated[str, typer.Option(help="jeune, relais, partenaire, collectivite or general.")],
    title: Annotated[str, typer.Option(help="Title of the theme, if it is new.")] = "",
) -> None:
    """Add the draft of an entry to its theme's file, and say what to fill in."""
    settings = load_settings()
    base = load_knowledge(settings.knowledge_dir)
    faults = _faults(base, entry_id, theme, audience)
    if faults:
        raise typer.Exit(fail("La fiche ne peut pas être créée :", faults, code=1))
    path = _theme_file((settings.knowledge_dir or CONTENT) / "entries", theme)
    heading = scaffold.new_theme(theme, title or theme.replace("-", " ").capitalize())
    before = path.read_text(encoding="utf-8-sig") if path.exists() else heading
    _replace(path, scaffold.with_draft(before, scaffold.draft(entry_id, audience, _today(settings))))
    out.print(str(path), markup=False)
    _, problems = examine(settings.knowledge_dir, today=_today(settings))
    _say_what_to_fill_in(problems, path.name, before.rstrip("\n").count("\n") + 2)


def show(entry_id: EntryId) -> None:
    """Show an entry as people read it, with its nearest neighbours."""
    settings = ready_settings()
    library = Library(settings.knowledge_dir, settings.shelf)
    base = library.base
    entry = base.entry(entry_id)
    if entry is None:
        raise typer.Exit(fail(f"Aucune fiche ne s'appelle « {entry_id} ».", _like(base, entry_id), code=1))
    content_pages.show_entry(base, entry, _today(settings))
    content_pages.show_neighbours(base, crossfit.neighbours(matcher_of(library).ranker, entry))


def stats(
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also try each phrasing without having seen it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Count what the content holds; about half a minute with --leave-one-out."""
    settings = load_settings()
    base = load_knowledge(settings.knowledge_dir)
    counted = census(base, _today(settings))
    tried = _left_out(base) if leave_one_out else None
    if as_json:
        figures = counted.to_dict() | ({"leave_one_out": tried.to_dict()} if tried else {})
        out.print(json.dumps(figures, ensure_ascii=False, indent=2), markup=False)
        return
    content_pages.show_census(counted)
    if tried is not None:
        content_pages.show_crossfit(tried)


def _say_what_to_fill_in(problems: Sequence[Problem], file: str, first: int) -> None:
    """What `check` says of the draft, which stands from line `first` to the end of its file."""
    err.print("À écrire, puis `check` :")
    for problem in problems:
        if problem.file == f"entries/{file}" and (problem.line or 0) >= first:
            err.print(f"  {problem}", markup=False)
    err.print(
        "  ses sources, `as_of` et `checked` ; ensuite, retirer `valid_from` et `handoff`", markup=False
    )


def _left_out(base: KnowledgeBase) -> crossfit.Crossfit:
    progress = track(
        crossfit.leave_out(base),
        total=crossfit.size(base),
        description="Leaving out",
        console=err,
        transient=True,
    )
    return crossfit.summarise(base, list(progress))


def _faults(base: KnowledgeBase, entry_id: str, theme: str, audience: str) -> list[str]:
    faults = [
        f"« {name} » : minuscules, chiffres et tirets, 60 caractères au plus"
        for name in (entry_id, theme)
        if not _fits(Identifier, name)
    ]
    if base.entry(entry_id) is not None:
        faults.append(f"la fiche « {entry_id} » existe déjà")
    if not _fits(AudienceName, audience):
        faults.append(f"« {audience} » n'est pas un public")
    return faults


def _fits(kind: Any, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def _theme_file(folder: Path, theme: str) -> Path:
    """The file that holds the theme, whatever its name; that of a new theme is called like it."""
    for path in sorted(folder.glob("*.yaml")):
        data = read(path, path.name).data
        if isinstance(data, dict) and data.get("theme") == theme:
            return path
    return folder / f"{theme}.yaml"


def _replace(path: Path, text: str) -> None:
    """At once: a running program that reloads never sees half a file."""
    half = path.with_suffix(".part")
    half.write_text(text, encoding="utf-8", newline="\n")
    os.replace(half, path)


def _like(base: KnowledgeBase, entry_id: str) -> list[str]:
    words = set(entry_id.split("-"))
    return [f"{known} ?" for known in base.entries if words & set(known.split("-"))][:5]


def _today(settings: Settings) -> date:
    return datetime.now(settings.zone).date()
