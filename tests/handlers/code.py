"""Our own code, read as a tree: what it says to people, whatever path leads there."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "knowledge", "storage")

_OWN = {
    "say": {"ticket", "reply_to"},
    "refused": set(),
    "send_mail": {"ticket", "purpose"},
}
"""Functions that fill a sentence's fields, with the arguments that are no fields."""


@dataclass(frozen=True, slots=True)
class Use:
    """A sentence that the code says: `fields` is None where they are not all named on the spot."""

    key: str
    fields: frozenset[str] | None
    place: str


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of ours, by its dotted name."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "versions" not in parts and parts[-1] != "__main__":
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@cache
def words() -> tuple[tuple[str, str], ...]:
    """Every string of the code and where it is; of an f-string its beginning, with an asterisk."""
    return tuple(_words())


def _words() -> Iterator[tuple[str, str]]:
    for name, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, f"{name}:{node.lineno}"
            elif isinstance(node, ast.JoinedStr) and (start := _text(node.values[0])) is not None:
                yield f"{start}*", f"{name}:{node.lineno}"


def uses() -> Iterator[Use]:
    """Each call that names a sentence in full."""
    for name, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _uses_of(node, f"{name}:{node.lineno}")


def options() -> Iterator[tuple[str, str | None, bool]]:
    """Each button: what it does, its own sentence if it has one, and whether it brings a label."""
    for name, tree in _trees():
        for node in ast.walk(tree):
            if name.startswith("handlers") and isinstance(node, ast.Call) and _name(node) == "Option":
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                yield _text(node.args[0]) or "?", _text(given.get("text")), "label" in given


def _uses_of(call: ast.Call, place: str) -> Iterator[Use]:
    function = _name(call)
    keywords = {keyword.arg for keyword in call.keywords}
    fields = None if None in keywords else frozenset(str(one) for one in keywords)
    if function == "texts" and call.args and (key := _text(call.args[0])) is not None:
        yield Use(key, fields, place)
    elif function in _OWN:
        for argument in call.args[: 4 if function != "refused" else 1]:
            key = _text(argument)
            if key is not None:
                yield Use(key, fields - _OWN[function] if fields is not None else None, place)
    elif function == "notify":
        key = next((_text(one.value) for one in call.keywords if one.arg == "mail_key"), None)
        if key is not None and fields is not None:
            yield Use(key, fields - {"ticket", "mail_key", "purpose"}, place)


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    return tuple((name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in modules())


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
