"""A CSV file as people's spreadsheets write it: any usual encoding and separator, lines numbered."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Unreadable = Literal["workbook", "utf16", "encoding", "empty"]
"""Why a file is no text that we read."""
_SEPARATORS = (";", "\t", ",")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record, and the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """The file ends within a quoted cell that begins on that line, or the like."""

    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    heading: tuple[str, ...]
    rows: tuple[Row, ...]


def decoded(content: bytes) -> tuple[str, None] | tuple[None, Unreadable]:
    """The text: UTF-8 with or without its mark, else Windows-1252."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return None, "workbook"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:4096]:
        return None, "utf16"
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return (text, None) if text.strip() else (None, "empty")
    return None, "encoding"


def read(text: str) -> Sheet | Broken:
    """The heading and the records under it, empty ones left out; cells without spaces around them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows: list[Row] = []
    begins = 1
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                rows.append(Row(begins, stripped))
            begins = reader.line_num + 1
    except csv.Error:
        return Broken(begins)
    if not rows:
        return Sheet((), ())
    return Sheet(rows[0].cells, tuple(rows[1:]))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would reckon with it instead of showing it."""
    return cell.removeprefix("'").startswith(_FORMULA)


def _separator(text: str) -> str:
    """The one that divides the first line most."""
    first: Sequence[str] = text.lstrip().split("\n", 1)[:1]
    heading = first[0] if first else ""
    return max(_SEPARATORS, key=heading.count)
