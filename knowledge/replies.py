"""Reply templates (« modèles »): what referents write often, with blanks that the ticket fills in.

    {territoire}  the ticket's territory      {numéro}        its number
    {référent}    who writes the reply        {lien:entry}    a public link to an entry

Each may stand in a text several times. Nothing is sent with one before a human has seen it filled in.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from knowledge.checks import markup_faults
from knowledge.documents import Document, Location
from knowledge.entries import ANSWER_LIMIT, TITLE_LIMIT, AudienceName, Entry, Identifier
from knowledge.schema import list_of, mapping_of, validated

_BLANK = re.compile(r"\{([^{}]*)\}")
_LINK = "lien:"
BLANKS = ("territoire", "référent", "numéro")


class ReplyTemplate(BaseModel):
    """One of `modeles.yaml`; its fields are the format of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    title: Annotated[str, Field(min_length=3, max_length=TITLE_LIMIT)]
    audiences: Annotated[tuple[AudienceName, ...], Field(min_length=1)]
    themes: tuple[Identifier, ...] = ()
    """What it is about; empty: anything."""
    text: Annotated[str, Field(min_length=1, max_length=ANSWER_LIMIT)]

    def suits(self, audience: str | None, theme: str | None) -> bool:
        """Whether it may be meant for such a ticket; what is not known of one excludes nothing."""
        for_them = audience is None or "general" in self.audiences or audience in self.audiences
        return for_them and (theme is None or not self.themes or theme in self.themes)

    def filled(self, values: Mapping[str, str], link: Callable[[str], str]) -> str:
        """The text with `values` for BLANKS, and `link(entry id)` where it links to an entry."""

        def fill(blank: re.Match[str]) -> str:
            name = _name(blank)
            return link(name.removeprefix(_LINK)) if name.startswith(_LINK) else values[name]

        return _BLANK.sub(fill, self.text).strip()


def read_templates(
    documents: Iterable[Document],
    entries: Mapping[str, Entry],
    themes: Collection[str],
    *,
    found_good: bool = False,
) -> dict[str, ReplyTemplate]:
    """The templates of the files, by id and in their order; what is wrong is reported there.

    Texts that were found good before are not looked at again.
    """
    templates: dict[str, ReplyTemplate] = {}
    for document in documents:
        data = mapping_of(document, ("modeles",))
        for rank, item in enumerate(list_of(document, data, "modeles")):
            location: Location = ("modeles", rank)
            template = validated(ReplyTemplate, item, document, location)
            if template is None:
                continue
            if template.id in templates:
                document.report((*location, "id"), f"identifiant en double : « {template.id} »")
            for theme in template.themes:
                if theme not in themes:
                    document.report((*location, "themes"), f"thème inconnu : « {theme} »")
            for fault in () if found_good else _faults(template, entries):
                document.report((*location, "text"), f"« text » : {fault}")
            templates[template.id] = template
    return templates


def _faults(template: ReplyTemplate, entries: Collection[str]) -> Iterator[str]:
    """What a template must not hold, in French."""
    for blank in _BLANK.finditer(template.text):
        name = _name(blank)
        if name.startswith(_LINK):
            if name.removeprefix(_LINK) not in entries:
                yield f"la fiche « {name.removeprefix(_LINK)} » n'existe pas"
        elif name not in BLANKS:
            known = ", ".join(f"{{{one}}}" for one in (*BLANKS, "lien:fiche"))
            yield f"champ inconnu : « {{{name}}} » (possibles : {known})"
    rest = _BLANK.sub("x", template.text)
    if "{" in rest or "}" in rest:
        yield "accolade isolée"
    yield from markup_faults(rest)


def _name(blank: re.Match[str]) -> str:
    # Some keyboards write « é » as two characters.
    return unicodedata.normalize("NFC", blank[1]).strip()
