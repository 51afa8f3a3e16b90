"""A file of the content: its bytes, what they say once `reading` has looked, and what is wrong with it."""

from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import Problem

MAX_BYTES = 1024 * 1024

Key = str | int
Location = tuple[Key, ...]


@dataclass(slots=True)
class Document:
    """The data of one file, and the line of each of its parts."""

    file: str
    raw: bytes = b""
    data: object = None
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, location: Location) -> int | None:
        """Line of that part, else of the nearest part around it that has one."""
        for end in range(len(location), -1, -1):
            if (line := self.lines.get(location[:end])) is not None:
                return line
        return None

    def report(self, location: Location, message: str, *, warning: bool = False) -> None:
        self.problems.append(Problem(self.file, self.line(location), message, warning))


def fetch(path: Path, name: str) -> Document:
    """The document of a file with its bytes only. Never raises: see its `problems`."""
    document = Document(name)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        document.problems.append(Problem(name, None, f"fichier illisible ({error.strerror})"))
        return document
    if len(raw) > MAX_BYTES:
        document.problems.append(Problem(name, None, "fichier de plus de 1 Mio"))
        return document
    document.raw = raw
    return document
