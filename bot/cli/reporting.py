"""How the command line shows a decision and an evaluation."""

from bot.cli.console import out, table
from knowledge.comparing import Comparison, Line
from knowledge.entries import KnowledgeBase
from knowledge.evaluation import Report, Share
from knowledge.outcomes import Explanation
from knowledge.reliability import Reliability


def explain(base: KnowledgeBase, explanation: Explanation) -> None:
    """A decision, with its reason and the nearest entries."""
    match = explanation.match
    out.print(f"{match.outcome}: {explanation.reason}", markup=False)
    words = " ".join(explanation.words)
    out.print(
        f"sure {explanation.sure:.0f} · about us {explanation.about_us:.0f} · words: {words}", markup=False
    )
    if explanation.near:
        rows = [
            (f"{near.score:.0f}", near.entry_id, near.phrasing, " ".join(near.words))
            for near in explanation.near
        ]
        table("Nearest entries", ["Score", "Entry", "Nearest phrasing", "Words"], rows)
    if match.parts:
        out.print("parts: " + " / ".join(", ".join(part) for part in match.parts), markup=False)


def show(report: Report) -> None:
    """An evaluation on one page."""
    out.print(f"{report.messages} messages", markup=False)
    rows = [(name, str(share)) for name, share in report.shares.items()]
    table("Shares, k/n with their 95 % interval", ["What", "Share"], rows)
    _show_reliability(report.reliability)
    outcomes = sorted({outcome for found in report.outcomes.values() for outcome in found})
    counts = [
        (expected, *(found.get(outcome, 0) for outcome in outcomes))
        for expected, found in report.outcomes.items()
    ]
    table("Outcomes, by what was expected", ["Expected", *outcomes], counts)
    table("Entries taken for another", ["Wanted", "Ranked first", "Times"], report.confusions[:20])
    worst = [
        (
            scored.message.expect,
            scored.match.outcome,
            ", ".join(f"{c.entry_id} {c.score:.0f}" for c in scored.match.candidates[:2]),
            ", ".join(scored.message.entries),
            scored.message.text[:90],
        )
        for scored in report.worst
    ]
    table("The worst", ["Expected", "Outcome", "Ranked", "Wanted", "Message"], worst)


def _show_reliability(found: Reliability) -> None:
    if found.error is None:
        return
    rows = [(f"{100 * one.said:.0f}", f"{100 * one.right:.0f} %", one.count) for one in found.bins]
    title = f"Calibration error {found.error:.3f} (in scope and out of scope weigh the same)"
    table(title, ["Score", "Was right", "Messages"], rows)


def show_changes(changes: Comparison) -> None:
    """Share by share, then line by line, what a report has that the one kept before had not."""
    rows = [
        (name, "—" if before is None else str(before), str(after), _difference(before, after))
        for name, (before, after) in changes.shares.items()
    ]
    table("Shares, before and after", ["What", "Before", "After", "Change"], rows)
    for change, title in (("lost", "Lost"), ("gained", "Gained"), ("moved", "Other outcome, worth the same")):
        lines = [
            (_became(m.before), _became(m.after), m.after.expect, m.after.text[:100])
            for m in changes.moved
            if m.change == change
        ]
        table(f"{title}: {len(lines)}", ["Before", "After", "Expected", "Message"], lines)
    if changes.added or changes.gone:
        out.print(f"{changes.added} new messages, {changes.gone} no longer there", markup=False)


def _became(line: Line) -> str:
    mark = "right" if line.right else "good" if line.good else "wrong" if line.wrong else "missed"
    return f"{line.outcome} {line.first or ''} ({mark})"


def _difference(before: Share | None, after: Share) -> str:
    if before is None or before.value is None or after.value is None:
        return ""
    points = 100 * (after.value - before.value)
    return f"{points:+.1f}" if points else "="
