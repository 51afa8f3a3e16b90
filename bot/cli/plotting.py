"""Pictures that commands draw on request."""

from pathlib import Path

from knowledge.reliability import Reliability


def draw_reliability(found: Reliability, path: Path) -> None:
    """What scores said beside what was right, as a PNG."""
    import matplotlib  # half a second that no other command should pay

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="as said")
    axes.plot([one.said for one in found.bins], [one.right for one in found.bins], "o-", label="was right")
    for one in found.bins:
        axes.annotate(
            str(one.count), (one.said, one.right), textcoords="offset points", xytext=(6, -10), fontsize=8
        )
    error = "" if found.error is None else f" (calibration error {found.error:.3f})"
    axes.set(
        xlim=(0, 1), ylim=(0, 1), xlabel="score", ylabel="share that was right", title=f"Reliability{error}"
    )
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
