"""Tables on the screen and on disk, and plots for who would rather look."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt

from bot.cli.console import table

matplotlib.use("Agg")


class Results:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        table(title, columns, rows)
        lines = [f"## {title}", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
        self._parts.append("\n".join(lines))

    def plot_times(self, name: str, title: str, times: Mapping[str, Sequence[float]]) -> None:
        """Cumulative curves: which share of the cases took at most so many milliseconds."""
        figure, axes = plt.subplots(figsize=(7, 4))
        for label, values in times.items():
            ordered = sorted(values)
            axes.plot(ordered, [(i + 1) / len(ordered) for i in range(len(ordered))], label=label)
        axes.set(xscale="log", xlabel="milliseconds", ylabel="share of cases", title=title)
        axes.grid(alpha=0.3)
        axes.legend()
        figure.tight_layout()
        figure.savefig(self._folder / f"{name}.png", dpi=110)
        plt.close(figure)

    def plot_bars(
        self, name: str, title: str, labels: Sequence[str], values: Mapping[str, Sequence[float]]
    ) -> None:
        """One group of bars for each label, one bar in it for each name."""
        figure, axes = plt.subplots(figsize=(9, 4.5))
        width = 0.8 / len(values)
        for number, (series, heights) in enumerate(values.items()):
            axes.bar([n + number * width for n in range(len(labels))], heights, width, label=series)
        axes.set_xticks([n + 0.4 - width / 2 for n in range(len(labels))], labels)
        axes.set(ylim=(0, 1), title=title)
        axes.grid(alpha=0.3, axis="y")
        axes.legend(fontsize=7)
        figure.tight_layout()
        figure.savefig(self._folder / f"{name}.png", dpi=110)
        plt.close(figure)

    def plot_pairs(
        self, name: str, title: str, labels: Sequence[str], seconds: Mapping[str, Sequence[float]]
    ) -> None:
        """One line for each label, one bar on it for each name, in milliseconds."""
        figure, axes = plt.subplots(figsize=(8, 0.35 * len(labels) + 1.5))
        height = 0.8 / len(seconds)
        for number, (series, values) in enumerate(seconds.items()):
            places = [place + number * height for place in range(len(labels))]
            axes.barh(places, [1000 * value for value in values], height, label=series)
        axes.set_yticks([place + 0.4 - height / 2 for place in range(len(labels))], labels, fontsize=7)
        axes.invert_yaxis()
        axes.set(xlabel="milliseconds", title=title)
        axes.grid(alpha=0.3, axis="x")
        axes.legend(fontsize=7)
        figure.tight_layout()
        figure.savefig(self._folder / f"{name}.png", dpi=110)
        plt.close(figure)

    def plot_lines(
        self, name: str, title: str, sizes: Sequence[int], values: Mapping[str, Sequence[float]]
    ) -> None:
        """One line for each name, a point for each size, in milliseconds."""
        figure, axes = plt.subplots(figsize=(7, 4))
        for series, heights in values.items():
            axes.plot(sizes, heights, marker="o", label=series)
        axes.set(xscale="log", xlabel="rows", ylabel="milliseconds", title=title, ylim=(0, None))
        axes.grid(alpha=0.3)
        axes.legend()
        figure.tight_layout()
        figure.savefig(self._folder / f"{name}.png", dpi=110)
        plt.close(figure)

    def write(self) -> None:
        (self._folder / "results.md").write_text("\n\n".join(self._parts) + "\n", encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
