"""The départements and overseas collectivities as a map of tiles of one size, about where they lie."""

from dataclasses import dataclass

_MAP = """
.   .   .   .   .   62  59  .   .   .   .   .
.   .   .   .   76  80  02  08  .   .   .   .
.   .   .   50  14  27  60  95  51  55  57  67
29  22  35  53  61  78  92  75  93  10  54  88
.   56  44  49  72  28  91  94  77  52  70  68
.   .   85  79  37  41  45  89  21  25  90  .
.   .   17  86  36  18  58  71  39  .   .   .
.   .   16  87  23  03  42  69  01  74  .   .
.   33  24  19  15  63  43  38  73  .   .   .
.   40  47  46  12  48  07  26  05  .   .   .
.   64  32  82  81  30  84  04  06  .   .   .
.   .   65  31  11  34  13  83  .   .   2B  .
.   .   .   09  66  .   .   .   .   .   2A  .
.   .   .   .   .   .   .   .   .   .   .   .
971 972 973 974 975 976 977 978 986 987 988 .
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """A territory's place: column and row, from the upper left."""

    code: str
    column: int
    row: int


def _read(drawn: str) -> tuple[Tile, ...]:
    rows = [line.split() for line in drawn.strip().splitlines()]
    return tuple(
        Tile(code, column, row)
        for row, codes in enumerate(rows)
        for column, code in enumerate(codes)
        if code != "."
    )


TILES = _read(_MAP)
COLUMNS = max(tile.column for tile in TILES) + 1
ROWS = max(tile.row for tile in TILES) + 1
