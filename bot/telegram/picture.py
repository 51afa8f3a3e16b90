"""Charts as a PNG for a chat: large letters, few colours, each bar with its number."""

import io
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

_BRAND, _QUIET, _INK = "#5426c4", "#b9aed6", "#1f1533"
_SIZE = (8.0, 6.4)
_DPI = 120
_TITLE = 60
"""Letters that stand beside each other."""
Named = Sequence[Sequence[Any]]
"""Words and a number each."""


def draw(title: str, columns: Named, bars: Named) -> bytes:
    """Upright columns, the last of which is meant, above lying bars. Takes some tenths of a second."""
    from matplotlib.figure import Figure  # half a second that only who draws should pay

    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
    # Apart, so that the words of the lower one do not push the upper one aside.
    parts: Any = figure.subfigures(2, 1, height_ratios=(1, 1.1))
    above, below = (part.subplots() for part in parts)
    layout: Any = figure.get_layout_engine()
    layout.set(h_pad=0.12, w_pad=0.08)
    figure.suptitle(shorten(title, _TITLE, placeholder=" …"), fontsize=16, fontweight="bold", color=_INK)
    _columns(above, columns)
    _bars(below, bars)
    for axes in (above, below):
        axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
        axes.tick_params(length=0, labelsize=12, colors=_INK)
    written = io.BytesIO()
    figure.savefig(written, format="png", facecolor="white")
    return written.getvalue()


def _columns(axes: Any, columns: Named) -> None:
    names, values = [str(name) for name, _ in columns], [int(value) for _, value in columns]
    colours = [_QUIET] * (len(values) - 1) + [_BRAND]
    axes.bar_label(
        axes.bar(names, values, color=colours),
        _labels(values),
        color=_INK,
        fontsize=13,
        fontweight="bold",
        padding=3,
    )
    axes.set_title("Questions par semaine", loc="left", fontsize=13, color=_INK)
    axes.set_ylim(0, max([1, *values]) * 1.2)
    axes.set_yticks([])


def _bars(axes: Any, bars: Named) -> None:
    """The first one on top; a week without questions says so."""
    names, values = [str(name) for name, _ in bars], [int(value) for _, value in bars]
    axes.set_title("Ce qu’elles sont devenues", loc="left", fontsize=13, color=_INK)
    axes.set_xticks([])
    if not bars:
        axes.text(0.5, 0.5, "Aucune question", ha="center", va="center", fontsize=14, color=_INK)
        axes.set_yticks([])
        return
    drawn = axes.barh(names, values, color=_BRAND)
    axes.bar_label(drawn, _labels(values), color=_INK, fontsize=13, fontweight="bold", padding=4)
    axes.set_xlim(0, max([1, *values]) * 1.15)
    axes.invert_yaxis()


def _labels(values: Sequence[int]) -> list[str]:
    """« 12 345 » with narrow spaces."""
    return [f"{value:,}".replace(",", "\u202f") for value in values]
