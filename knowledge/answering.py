"""How an entry is said: the answer, its source, the date of the information, and that a robot says it."""

from datetime import date

from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.markup import escape
from knowledge.texts import Raw


def answer_text(base: KnowledgeBase, entry: Entry, *, audience: Audience | None, on: date) -> str:
    """Light Markdown, ready to be shown on the day `on`."""
    lines = [entry.answer_for(audience).strip()]
    if entry.sources:
        # All of them: the date is that of the newest, and the first need not be it.
        links = " ; ".join(f"[{escape(source.title)}]({source.url})" for source in entry.sources)
        shown = base.texts(
            "answer.source" if len(entry.sources) == 1 else "answer.sources",
            source=Raw(links),
            date=entry.information_date() or "",
            to_confirm=base.texts("answer.to_confirm") if entry.to_confirm(on) else "",
        )
        lines.append(shown.rstrip())
    lines.append(base.texts("answer.automatic"))
    return "\n\n".join(lines)
