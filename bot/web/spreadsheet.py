"""Files that people open in a spreadsheet, in which no cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from aiohttp import web

# What a spreadsheet takes for a formula, at the start of a cell or of a line in it (ASVS 1.2.10).
_FORMULA = re.compile(r"(^|[\r\n])(?=[=+\-@\t\0＝＋－＠])")


def csv_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> web.Response:
    """Semicolons and a byte-order mark: what French spreadsheets open without being asked."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(
        body=text.getvalue().encode("utf-8-sig"),
        content_type="text/csv",
        charset="utf-8",
        headers=disposition,
    )


def harmless(cell: str) -> str:
    """The same text, which a spreadsheet shows instead of reckoning with it."""
    return _FORMULA.sub(r"\1'", cell)
