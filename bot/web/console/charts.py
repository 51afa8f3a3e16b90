"""Where the bars of a chart stand: numbers for an SVG, which beside its table is a picture only."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 320
HEIGHT = 120
_GAP = 12
_LABEL = 18
"""Room for a number above the highest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One upright bar, in the units of the chart."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    now: bool
    """Whether it is the one that the chart is about: the last."""


def upright(values: Sequence[int]) -> tuple[Bar, ...]:
    """Bars side by side, as high as their values; of nothing they are flat."""
    if not values:
        return ()
    width = (WIDTH - _GAP * (len(values) - 1)) / len(values)
    most = max(*values, 1)
    return tuple(
        _bar(place, value, width, most, now=place == len(values) - 1) for place, value in enumerate(values)
    )


def _bar(place: int, value: int, width: float, most: int, *, now: bool) -> Bar:
    height = round((HEIGHT - _LABEL) * value / most, 1)
    x = round(place * (width + _GAP), 1)
    return Bar(
        x, round(HEIGHT - height, 1), round(width, 1), height, round(x + width / 2, 1), str(value), now
    )
