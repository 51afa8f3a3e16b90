"""CSV files of any spreadsheet: encodings, separators, lines that count themselves."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.sheets import Broken, Sheet, decoded, is_formula, read

CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes) -> None:
    text, problem = decoded(content)
    assert (text is None) is (problem is not None)
    if text is not None:
        assert isinstance(read(text), (Sheet, Broken))


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_what_was_quoted_comes_back(rows: list[tuple[str, str]]) -> None:
    lines = ['"nom";"type"'] + [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    sheet = read("\n".join(lines))
    assert isinstance(sheet, Sheet)
    expected = [tuple(cell.strip() for cell in row) for row in rows]
    assert [row.cells for row in sheet.rows] == [row for row in expected if any(row)]


def test_a_record_is_called_by_the_line_on_which_it_begins() -> None:
    sheet = read('nom;type\r\n"deux\r\nlignes";x\r\n\r\nsuivant;y\r\n')
    assert isinstance(sheet, Sheet)
    assert [row.number for row in sheet.rows] == [2, 5]


def test_what_a_spreadsheet_would_reckon_with_is_a_formula() -> None:
    assert all(is_formula(cell) for cell in ("=1", "+1", "-1", "@a", "'=1", "＝1"))
    assert not any(is_formula(cell) for cell in ("Le Rex", "a=1", "", "L'Été", "'abc"))
