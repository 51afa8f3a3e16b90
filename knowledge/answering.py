"""How an entry is said: the answer, its source, the date of the information, and that a robot says it."""

from datetime import date

from knowledge.complements import Complement, near
from knowledge.entries import Audience, Entry, KnowledgeBase, Source, in_words, is_old
from knowledge.guides import Leaf
from knowledge.markup import escape
from knowledge.territories import Territory
from knowledge.texts import Raw


def answer_text(
    base: KnowledgeBase,
    entry: Entry,
    *,
    audience: Audience | None,
    on: date,
    territory: Territory | None = None,
    facile: bool = False,
) -> str:
    """Light Markdown, ready to be shown on the day `on`; with what is known for `territory` under it.

    `facile` is the version in easy-to-read French, where there is one.
    """
    said = entry.facile if facile and entry.facile is not None else entry.answer_for(audience)
    lines = [said.strip(), *_source(base, entry, on)]
    if territory is not None:
        lines += [_nearby(base, one, territory) for one in near(base, entry, territory, on=on)]
    lines.append(base.texts("answer.automatic"))
    return "\n\n".join(lines)


def quoted(base: KnowledgeBase, entry: Entry, *, audience: Audience | None, on: date) -> str:
    """The answer with its source and date, for a person to put into words of their own: no robot says it."""
    return "\n\n".join([entry.answer_for(audience).strip(), *_source(base, entry, on)])


def leaf_text(base: KnowledgeBase, leaf: Leaf, *, on: date) -> str:
    """The same for the answer of a guide's own."""
    lines = [(leaf.answer or "").strip(), *_source(base, leaf, on), base.texts("answer.automatic")]
    return "\n\n".join(lines)


def _source(base: KnowledgeBase, of: Entry | Leaf, on: date) -> list[str]:
    """Where it comes from and of when; [] where nothing is claimed."""
    if not of.sources:
        return []
    # All of them: the date is that of the newest, and the first need not be it.
    shown = base.texts(
        "answer.source" if len(of.sources) == 1 else "answer.sources",
        source=Raw(" ; ".join(_link(source) for source in of.sources)),
        date=in_words(of.as_of) or "",
        to_confirm=base.texts("answer.to_confirm") if is_old(of.as_of, on) else "",
    )
    return [shown.rstrip()]


def _nearby(base: KnowledgeBase, complement: Complement, territory: Territory) -> str:
    """One local complement, labelled with its place, and its own source."""
    more = [_link(complement.link)] if complement.link is not None else []
    if complement.contact is not None:
        more.append(base.texts("answer.near_contact", contact=complement.contact))
    return base.texts(
        "answer.near",
        place=complement.place(territory),
        text=Raw("\n\n".join([complement.text.strip(), *more])),
        source=Raw(_link(complement.source)),
    )


def _link(source: Source) -> str:
    return f"[{escape(source.title)}]({source.url})"
