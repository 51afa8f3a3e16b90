"""How the command line shows a decision and an evaluation."""

from bot.cli.console import out, table
from knowledge.entries import KnowledgeBase
from knowledge.outcomes import Explanation


def explain(base: KnowledgeBase, explanation: Explanation) -> None:
    """A decision, with its reason and the nearest entries."""
    match = explanation.match
    out.print(f"{match.outcome}: {explanation.reason}", markup=False)
    words = " ".join(explanation.words)
    out.print(
        f"sure {explanation.sure:.0f} · in scope {explanation.in_scope:.0f} · words: {words}", markup=False
    )
    if explanation.near:
        rows = [
            (f"{near.score:.0f}", near.entry_id, near.phrasing, " ".join(near.words))
            for near in explanation.near
        ]
        table("Nearest entries", ["Score", "Entry", "Nearest phrasing", "Words"], rows)
    if match.parts:
        out.print("parts: " + " / ".join(", ".join(part) for part in match.parts), markup=False)
