"""Who may do what, as data: five roles, each at home in the Doubs (here) or far from it (away).

A lead is also at home in the Haute-Saône, in the same region (near). What happens happens in the Doubs.
"""

PEOPLE: dict[str, tuple[str, str]] = {
    "referent here": ("referent", "25"),
    "referent away": ("referent", "59"),
    "lead here": ("lead", "25"),
    "lead near": ("lead", "70"),
    "lead away": ("lead", "59"),
    "editor here": ("editor", "25"),
    "editor away": ("editor", "59"),
    "national here": ("national", "25"),
    "national away": ("national", "59"),
    "admin here": ("admin", "25"),
    "admin away": ("admin", "59"),
}
"""Role and territory of each."""

_GRID = """
            referent   lead            editor     national   admin
            here away  here near away  here away  here away  here away
everybody   x    x     x    x    x     x    x     x    x     x    x
tickets     x    -     x    x    -     x    -     x    x     x    x
questions   x    -     x    x    -     x    x     x    x     x    x
content     -    -     -    -    -     x    x     x    x     x    x
region      -    -     x    x    -     -    -     -    -     x    x
journal     -    -     x    x    x     -    -     -    -     x    x
repairs     -    -     x    x    x     x    x     x    x     x    x
blocking    -    -     x    x    x     -    -     x    x     x    x
directory   -    -     -    -    -     -    -     -    -     x    x
"""


def _read(grid: str) -> dict[str, frozenset[str]]:
    lines = [line.split() for line in grid.strip().splitlines()[2:]]
    for name, *marks in lines:
        assert len(marks) == len(PEOPLE), name
    return {
        name: frozenset(who for who, mark in zip(PEOPLE, marks, strict=True) if mark == "x")
        for name, *marks in lines
    }


WHO = _read(_GRID)
"""For each line of the grid, those who may."""
