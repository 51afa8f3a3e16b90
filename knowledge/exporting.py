"""Writing into the content's YAML what was learnt, so that a review shows what changed and nothing else.

ruamel.yaml reads and writes a file with its comments, quotes and layout: one in which nothing changed comes
out byte for byte as it was. This module is imported only where something is written.
"""

import io
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml as plain_yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from knowledge import scaffold
from knowledge.overlay import Addition, wording

_NO_FOLDING = 10**6
_FIRST_ITEM = re.compile(r"^( *)(?:- )?[\w\"'-]+:[ ]*(?:#.*)?\n(?: *#.*\n)*( *)- ", re.MULTILINE)
"""A key and the dash of its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry to be begun in the file of its theme."""

    id: str
    title: str
    theme: str
    audience: str
    phrasings: tuple[str, ...]
    answer: str


@dataclass(slots=True)
class _File:
    """One file; what is read of it stays, so that several changes are one."""

    text: str
    yaml: YAML
    data: Any = None

    def read(self) -> Any:
        if self.data is None:
            self.data = self.yaml.load(self.text)
        return self.data

    def written(self) -> str:
        return self.text if self.data is None else _dumped(self.yaml, self.data)


@dataclass(slots=True)
class Written:
    """The files of a content folder as they would be, and what has no place in them."""

    before: dict[str, str]
    after: dict[str, str] = field(default_factory=dict)
    homeless: list[str] = field(default_factory=list)

    def changed(self) -> dict[str, str]:
        return {name: text for name, text in self.after.items() if text != self.before[name]}


def write(folder: Path, additions: Iterable[Addition], drafts: Iterable[Draft], on: date) -> Written:
    """The files of `folder` with all of it, by relative path; nothing is written to the disk.

    What stands there already is not written again.
    """
    paths = sorted([*folder.glob("entries/*.yaml"), *folder.glob("language/*.yaml")])
    texts = {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8") for path in paths}
    files = {name: _File(text, _yaml(text)) for name, text in texts.items()}
    written = Written(texts)
    for one in additions:
        lines = _phrasings(files, one.target) if one.kind == "phrasing" else _off_topic(files, one.target)
        if lines is None:
            written.homeless.append(one.text)
        else:
            _add(lines, one.text)
    written.after = {name: file.written() for name, file in files.items()}
    for draft in drafts:
        _begin(written, draft, on)
    return written


def rewritten(text: str) -> str:
    """A YAML text, read and written again."""
    yaml = _yaml(text)
    return _dumped(yaml, yaml.load(text))


def _phrasings(files: dict[str, _File], entry_id: str) -> Any:
    """The list of an entry's phrasings; None when no file holds it."""
    for file in files.values():
        if not _begins_entry(file.text, entry_id):
            continue
        for entry in file.read()["entries"]:
            if entry.get("id") == entry_id:
                return entry["phrasings"]
    return None


def _off_topic(files: dict[str, _File], subject: str) -> Any:
    """The lines of an off-topic subject, begun if it is new; None when no file has such lists."""
    file = next((one for one in files.values() if re.search(r"^off_topic:", one.text, re.MULTILINE)), None)
    if file is None:
        return None
    subjects = file.read()["off_topic"]
    if subject not in subjects:
        last = subjects[next(reversed(subjects))] if subjects else None
        subjects[subject] = CommentedSeq()
        if last:
            # What follows the last list (a blank line, the next heading) follows the new one then.
            _move_comment(last, len(last) - 1, subjects[subject], 0)
    return subjects[subject]


def _add(lines: Any, text: str) -> None:
    """One more line at the end of a list, quoted as its neighbours are."""
    said = wording(text)
    if any(wording(line) == said for line in lines):
        return
    quoted = bool(lines) and all(isinstance(line, DoubleQuotedScalarString) for line in lines)
    lines.append(DoubleQuotedScalarString(text) if quoted or not _is_plain(text) else text)
    if len(lines) > 1:
        _move_comment(lines, len(lines) - 2, lines, len(lines) - 1)


def _move_comment(source: Any, at: int, target: Any, to: int) -> None:
    """What follows an item, but for a remark on its own line."""
    tokens = source.ca.items.get(at)
    if not tokens or tokens[0] is None or tokens[0].value.startswith("#"):
        return
    target.ca.items[to] = source.ca.items.pop(at)


def _begin(written: Written, draft: Draft, on: date) -> None:
    """The draft at the end of its theme's file, unless the entry is there."""
    if any(_begins_entry(text, draft.id) for text in written.after.values()):
        return
    heading = re.compile(rf"^theme: [\"']?{re.escape(draft.theme)}[\"']?\s*(?:#.*)?$", re.MULTILINE)
    name = next((name for name, text in written.after.items() if heading.search(text)), None)
    if name is None:
        written.homeless.append(draft.title)
        return
    begun = scaffold.draft(
        draft.id,
        draft.audience,
        on,
        title=_scalar(draft.title),
        phrasings=[_scalar(text) for text in draft.phrasings],
        answer=draft.answer,
    )
    indented = textwrap.indent(begun, " " * _shift(written.before[name]))
    written.after[name] = scaffold.with_draft(written.after[name], indented)


def _begins_entry(text: str, entry_id: str) -> bool:
    return (
        re.search(rf"^ *- id: [\"']?{re.escape(entry_id)}[\"']?\s*(?:#.*)?$", text, re.MULTILINE) is not None
    )


def _scalar(text: str) -> str:
    """A text as one YAML scalar on its own line."""
    if _is_plain(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_plain(text: str) -> bool:
    """Whether it needs no quotes: every reader finds the same text again."""
    if re.search(r": |:$| #", text) or not re.match(r"[\w«“]", text):
        return False
    try:
        return bool(plain_yaml.safe_load(f"- {text}\n") == [text])
    except plain_yaml.YAMLError:
        return False


def _yaml(text: str) -> YAML:
    """Reads and writes as the file is laid out: the dash of a list under its key, or two to the right."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _NO_FOLDING
    shift = _shift(text)
    yaml.indent(mapping=2, sequence=2 + shift, offset=shift)
    yaml.representer.add_representer(type(None), _null)
    return yaml


def _shift(text: str) -> int:
    first = _FIRST_ITEM.search(text)
    return 2 if first is not None and len(first[2]) > len(first[1]) else 0


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _dumped(yaml: YAML, data: object) -> str:
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
