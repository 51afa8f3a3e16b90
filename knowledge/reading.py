"""Reading YAML that somebody else wrote, without being hurt by it.

Plain data only: no aliases or anchors (a bomb of 332 bytes is valid YAML), no tags, no duplicate
keys, bounded size and depth. Line numbers are kept so that every problem can say where it is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.documents import Document, Location, fetch
from knowledge.errors import Problem

MAX_DEPTH = 8

# libyaml's loader is about seven times as fast; the pure one accepts the same files.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, name: str) -> Document:
    """The document of a file. Never raises for what the file holds: see its `problems`."""
    document = fetch(path, name)
    parse(document)
    return document


def parse(document: Document) -> None:
    """Fills in the data of a fetched document; nothing for one that could not be fetched."""
    if document.problems:
        return
    try:
        text = document.raw.decode("utf-8-sig")
        if _acceptable(text, document):
            node = yaml.compose(text, Loader=_Loader)
            document.data = None if node is None else _value(node, (), document)
    except UnicodeDecodeError:
        document.problems.append(Problem(document.file, None, "le fichier n'est pas en UTF-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.problems.append(Problem(document.file, _line(mark), f"YAML illisible : {error.problem}"))
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        document.problems.append(Problem(document.file, None, f"YAML illisible : {_first_line(error)}"))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _acceptable(text: str, document: Document) -> bool:
    """Look at the stream of events only: nothing is built yet, so nothing can explode."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        message = _refusal(event, depth)
        if message:
            document.problems.append(Problem(document.file, _line(event.start_mark), message))
            return False
    return True


def _line(mark: Any) -> int | None:
    return None if mark is None else int(mark.line) + 1


def _refusal(event: yaml.Event, depth: int) -> str | None:
    if depth > MAX_DEPTH:
        return f"plus de {MAX_DEPTH} niveaux d'imbrication"
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "les ancres (&) et alias (*) de YAML ne sont pas acceptés : écrivez la valeur entre guillemets"
    if getattr(event, "tag", None):
        return "les étiquettes (!) de YAML ne sont pas acceptées : écrivez la valeur entre guillemets"
    return None


def _value(node: yaml.Node, location: Location, document: Document) -> object:
    document.lines.setdefault(location, node.start_mark.line + 1)
    match node:
        case yaml.MappingNode():
            return _mapping(node, location, document)
        case yaml.SequenceNode():
            return [_value(item, (*location, n), document) for n, item in enumerate(node.value)]
        case _:
            return _scalar(node, location, document)


def _mapping(node: yaml.MappingNode, location: Location, document: Document) -> Mapping[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if key_node.tag != "tag:yaml.org,2002:str":
            message = "chaque clé doit être un texte (entre guillemets si besoin)"
            document.problems.append(Problem(document.file, line, message))
            continue
        key = str(key_node.value)
        if key in values:
            document.problems.append(Problem(document.file, line, f"clé en double : « {key} »"))
            continue
        document.lines[(*location, key)] = line
        values[key] = _value(value_node, (*location, key), document)
    return values


def _scalar(node: yaml.Node, location: Location, document: Document) -> object:
    if node.tag == "tag:yaml.org,2002:str":
        return str(node.value)
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, OverflowError, yaml.YAMLError, KeyError, AttributeError):
        document.report(location, f"valeur illisible : « {str(node.value)[:60]} »")
        return None
