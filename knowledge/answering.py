"""How an entry is said: the answer, its source, the date of the information, and that a robot says it."""

from datetime import date

from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.markup import escape
from knowledge.texts import Raw


def answer_text(base: KnowledgeBase, entry: Entry, *, audience: Audience | None, on: date) -> str:
    """Light Markdown, ready to be shown on the day `on`."""
    lines = [entry.answer_for(audience).strip()]
    if entry.sources:
        source = entry.sources[0]
        shown = base.texts(
            "answer.source",
            source=Raw(f"[{escape(source.title)}]({source.url})"),
            date=entry.information_date() or "",
            to_confirm=base.texts("answer.to_confirm") if entry.to_confirm(on) else "",
        )
        lines.append(shown.rstrip())
    lines.append(base.texts("answer.automatic"))
    return "\n\n".join(lines)
