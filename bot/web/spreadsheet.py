"""Files that people open in a spreadsheet, in which no cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from aiohttp import web

# What a spreadsheet takes for a formula, at the start of a cell or of a line in it (ASVS 1.2.10).
_FORMULA = re.compile(r"(^|[\r\n])(?=[=+\-@\t\0＝＋－＠])")

_WIDTH = 18
"""Letters that a column shows."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> web.Response:
    """Semicolons and a byte-order mark: what French spreadsheets open without being asked."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return web.Response(
        body=text.getvalue().encode("utf-8-sig"),
        content_type="text/csv",
        charset="utf-8",
        headers=attached(name),
    )


Sheet = tuple[Sequence[str], Sequence[Sequence[str | int]]]
"""A heading and its rows."""


def xlsx_file(name: str, sheets: Mapping[str, Sheet]) -> web.Response:
    """Sheets by their name. Text is written as text, whatever it begins with."""
    import xlsxwriter  # few ask for such a file, and every start would wait for it

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for title, (heading, rows) in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for column, words in enumerate(heading):
                sheet.write_string(0, column, words, bold)
            for row, cells in enumerate(rows, start=1):
                for column, cell in enumerate(cells):
                    write = sheet.write_number if isinstance(cell, int) else sheet.write_string
                    write(row, column, cell)
            sheet.set_column(0, len(heading) - 1, _WIDTH)
    return web.Response(body=written.getvalue(), content_type=_XLSX, headers=attached(name))


def attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def harmless(cell: str) -> str:
    """The same text, which a spreadsheet shows instead of reckoning with it."""
    return _FORMULA.sub(r"\1'", cell)
