"""From the files of the content to a `KnowledgeBase`, or to the list of everything that is wrong.

    entries/*.yaml        one file per theme: theme, title, entries
    texts/fr.yaml         sentences of the bot      territories/*.yaml   départements
    language/*.yaml       word lists                frequent.yaml        suggested questions
    guides/*.yaml         one guide per file        territoires/*.yaml   local complements
    modeles.yaml          templates of replies

A folder needs `entries/`; other parts that it lacks are those of the shipped content.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from knowledge.advice import advise
from knowledge.checks import check_entries
from knowledge.complements import Complement, check_complement
from knowledge.documents import Document, Location, fetch
from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.errors import KnowledgeError, Problem
from knowledge.examples import Message
from knowledge.guides import Guide
from knowledge.language import Language
from knowledge.replies import read_templates
from knowledge.schema import list_of, mapping_of, text_of, validated
from knowledge.shelf import Shelf
from knowledge.territories import Territories, Territory
from knowledge.texts import Texts, read_texts

CONTENT = Path(__file__).parent / "content"


# In the order of the hash.
PATTERNS = (
    *("entries/*.yaml", "texts/*.yaml", "territories/*.yaml", "language/*.yaml"),
    *("frequent.yaml", "guides/*.yaml", "territoires/*.yaml", "examples.yaml"),
    "modeles.yaml",
)
_LESSONS = ("entries/*.yaml", "language/*.yaml", "examples.yaml")
"""What the matcher learns from."""
# They are about entries: another folder has its own or none.
_ABOUT_ENTRIES = ("entries/*.yaml", "guides/*.yaml", "territoires/*.yaml", "examples.yaml", "modeles.yaml")


def load_knowledge(folder: Path | None = None, shelf: Shelf | None = None) -> KnowledgeBase:
    """The knowledge base of a content folder; None is the shipped one. Raises only KnowledgeError.

    A content that stands on the shelf was found good before, and is not read as YAML or checked again.
    """
    reader = _Reader(folder or CONTENT, None, shelf)
    base = reader.knowledge_base()
    problems = tuple(problem for problem in reader.problems() if not problem.warning)
    if problems:
        raise KnowledgeError(tuple(sorted(problems, key=lambda p: (p.file, p.line or 0))))
    reader.keep()
    return base


def examine(
    folder: Path | None = None, *, today: date | None = None
) -> tuple[KnowledgeBase | None, tuple[Problem, ...]]:
    """The knowledge base, None if it can't be used, and all problems, warnings included.

    What is out of date, and other advice for authors, is reported only when `today` is given.
    """
    reader = _Reader(folder or CONTENT, today)
    base = reader.knowledge_base()
    problems = tuple(sorted(reader.problems(), key=lambda p: (p.warning, p.file, p.line or 0)))
    return (None if any(not p.warning for p in problems) else base), problems


class _Reader:
    """Reads one folder, gathering problems instead of stopping at the first."""

    def __init__(self, folder: Path, today: date | None, shelf: Shelf | None = None) -> None:
        self._folder = folder
        self._today = today
        self._shelf = shelf
        self._documents: dict[str, Document] = {}
        self._problems: list[Problem] = []
        self._raw = {pattern: self._files(pattern) for pattern in PATTERNS}
        self._hash = self._hash_of(PATTERNS)
        self._known = shelf.documents(self._hash) if shelf is not None else None

    def _hash_of(self, patterns: Iterable[str]) -> str:
        digest = hashlib.sha256()
        for document in (document for pattern in patterns for document in self._raw[pattern]):
            digest.update(document.file.encode("utf-8", "replace") + b"\0" + document.raw + b"\0")
        return digest.hexdigest()[:16]

    def problems(self) -> Iterator[Problem]:
        yield from self._problems
        for document in self._documents.values():
            yield from document.problems

    def keep(self) -> None:
        """Puts documents without problems on the shelf."""
        if self._shelf is not None and self._known is None:
            self._shelf.keep_documents(
                self._hash, {document.file: document.data for document in self._documents.values()}
            )

    def knowledge_base(self) -> KnowledgeBase:
        entries, themes, places = self._entries()
        if self._known is None:
            check_entries(entries, places)
        if self._today is not None:
            advise(entries, places, self._today)
        by_id = {entry.id: entry for entry in entries}
        texts = read_texts(self._read("texts/*.yaml"))
        territories, language = self._territories(), self._language(texts)
        suggestions, guides = self._suggestions(by_id), self._guides(by_id)
        complements = self._complements(by_id, territories)
        return KnowledgeBase(
            entries=by_id,
            themes=themes,
            hash=self._hash,
            lessons=self._hash_of(_LESSONS),
            texts=texts,
            territories=territories,
            language=language,
            suggestions=suggestions,
            guides=guides,
            complements=complements,
            examples=self._examples(by_id),
            templates=read_templates(
                self._read("modeles.yaml"), by_id, themes, found_good=self._known is not None
            ),
        )

    def _files(self, pattern: str) -> list[Document]:
        """The files that match, in the order of their names, not parsed yet."""
        try:
            paths = sorted(self._folder.glob(pattern))
            if not paths and pattern not in _ABOUT_ENTRIES and self._folder != CONTENT:
                paths = sorted(CONTENT.glob(pattern))
        except OSError as error:
            self._problems.append(Problem(str(self._folder), None, f"dossier illisible ({error.strerror})"))
            return []
        folder = pattern.rpartition("*")[0].rstrip("/")
        return [fetch(path, f"{folder}/{path.name}".lstrip("/")) for path in paths]

    def _read(self, pattern: str) -> list[Document]:
        documents = self._raw[pattern]
        for document in documents:
            self._documents[document.file] = document
            if self._known is None:
                from knowledge.reading import parse  # of yaml: a fortieth of a start that finds them known

                parse(document)
            else:
                document.data = self._known.get(document.file)
        return documents

    def _entries(self) -> tuple[list[Entry], dict[str, str], dict[int, tuple[Document, Location]]]:
        """Entries in order, titles of themes, and where each entry (by its rank) was written."""
        entries: list[Entry] = []
        themes: dict[str, str] = {}
        places: dict[int, tuple[Document, Location]] = {}
        documents = self._read("entries/*.yaml")
        if not documents:
            self._problems.append(
                Problem(str(self._folder), None, "aucune fiche dans le dossier « entries »")
            )
        for document in documents:
            data = mapping_of(document, ("theme", "title", "entries"))
            theme, title = text_of(document, data, "theme"), text_of(document, data, "title")
            if theme in themes and theme:
                document.report(("theme",), f"le thème « {theme} » est déjà celui d'un autre fichier")
            themes[theme] = title
            for rank, item in enumerate(list_of(document, data, "entries")):
                location: Location = ("entries", rank)
                entry = validated(Entry, item, document, location, given={"theme": theme or "theme"})
                if entry is not None:
                    places[len(entries)] = (document, location)
                    entries.append(entry)
        return entries, themes, places

    def _territories(self) -> Territories:
        territories: dict[str, Territory] = {}
        for document in self._read("territories/*.yaml"):
            data = mapping_of(document, ("territories",))
            for rank, item in enumerate(list_of(document, data, "territories")):
                territory = validated(Territory, item, document, ("territories", rank))
                if territory is None:
                    continue
                if territory.code in territories:
                    document.report(("territories", rank, "code"), f"code en double : « {territory.code} »")
                territories[territory.code] = territory
        return Territories(territories.values())

    def _language(self, texts: Texts) -> Language:
        """All language files make one model; each field stands in one file only."""
        fields: dict[str, object] = {}
        for document in self._read("language/*.yaml"):
            part = validated(Language, document.data or {}, document, ())
            for name in () if part is None else sorted(part.model_fields_set):
                if name in fields:
                    document.report((name,), f"« {name} » est déjà dans un autre fichier de language/")
                fields[name] = getattr(part, name)
            if part is not None:
                _check_small_talk(part, texts, document)
        return Language.model_validate(fields)

    def _suggestions(self, entries: Mapping[str, Entry]) -> dict[str, tuple[str, ...]]:
        suggestions: dict[str, tuple[str, ...]] = {}
        for document in self._read("frequent.yaml"):
            data = mapping_of(document, (*Audience, "general"))
            own = (self._folder / document.file).exists()
            for audience in data:
                ids = [i for i in list_of(document, data, audience) if isinstance(i, str)]
                known = tuple(i for i in ids if i in entries)
                if len(known) != len(ids) and own:
                    document.report((audience,), "une des fiches proposées n'existe pas", warning=True)
                suggestions[audience] = known
        return suggestions

    def _guides(self, entries: Mapping[str, Entry]) -> dict[str, Guide]:
        guides: dict[str, Guide] = {}
        for document in self._read("guides/*.yaml"):
            guide = validated(Guide, document.data or {}, document, ())
            if guide is None:
                continue
            if guide.id in guides:
                document.report(("id",), f"identifiant en double : « {guide.id} »")
            for location, entry_id in _entries_of(guide):
                if entry_id not in entries:
                    document.report(location, f"la fiche « {entry_id} » n'existe pas")
            guides[guide.id] = guide
        return guides

    def _complements(self, entries: Mapping[str, Entry], territories: Territories) -> tuple[Complement, ...]:
        complements: list[Complement] = []
        for document in self._read("territoires/*.yaml"):
            data = mapping_of(document, ("complements",))
            for rank, item in enumerate(list_of(document, data, "complements")):
                location: Location = ("complements", rank)
                complement = validated(Complement, item, document, location)
                if complement is None:
                    continue
                complements.append(complement)
                if self._known is None:
                    check_complement(
                        complement,
                        document,
                        location,
                        entries=entries,
                        territories=territories,
                        today=self._today,
                    )
        return tuple(complements)

    def _examples(self, entries: Mapping[str, Entry]) -> tuple[Message, ...]:
        messages: list[Message] = []
        for document in self._read("examples.yaml"):
            data = mapping_of(document, ("messages",))
            for rank, item in enumerate(list_of(document, data, "messages")):
                message = validated(Message, item, document, ("messages", rank))
                for entry_id in message.named() if message is not None else ():
                    if entry_id not in entries:
                        document.report(("messages", rank), f"la fiche « {entry_id} » n'existe pas")
                if message is not None:
                    messages.append(message)
        return tuple(messages)


def _entries_of(guide: Guide) -> Iterator[tuple[Location, str]]:
    """Every entry that a guide names, and where."""
    for entry_id in guide.offered_by:
        yield ("offered_by",), entry_id
    for name, leaf in guide.leaves.items():
        for entry_id in (*((leaf.entry,) if leaf.entry else ()), *leaf.related):
            yield ("leaves", name), entry_id


def _check_small_talk(language: Language, texts: Texts, document: Document) -> None:
    replies = texts.keys()
    for field in ("smalltalk", "smalltalk_said", "smalltalk_signs"):
        for kind in getattr(language, field):
            reply = f"smalltalk.{kind}"
            if reply not in replies:
                document.report((field, kind), f"il manque la réponse « {reply} » dans texts/")
