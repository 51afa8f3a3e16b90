"""The first draft of an entry: everything that its author must fill in, with why.

It is safe until then: `valid_from` lies far ahead and `handoff: always` stands there, so that what is
not written yet is never said, and a referent answers instead.
"""

import textwrap
from collections.abc import Sequence
from datetime import date

from knowledge.entries import TO_FILL_IN


def draft(
    entry_id: str,
    audience: str,
    on: date,
    *,
    title: str = TO_FILL_IN,
    phrasings: Sequence[str] = (TO_FILL_IN,),
    answer: str = TO_FILL_IN,
) -> str:
    """The YAML of one entry, as an item of `entries`; `on` is today. Title and phrasings are YAML scalars."""
    listed = "\n".join(f"  - {one}" for one in phrasings)
    said = textwrap.indent(answer.strip() or TO_FILL_IN, "    ").strip()
    return f"""\
- id: {entry_id}
  audiences: [{audience}]                # jeune, relais, partenaire, collectivite, general
  title: {title:<26} # la question, comme on la poserait
  tags: []                          # montant, age, plafond… : à suspendre quand une règle change
  keywords: []                      # mots très liés à cette fiche
  phrasings:                        # 40 ou plus : comme les gens écrivent, fautes comprises
{listed}
  negatives: []                     # ressemblent, mais sont pour une autre fiche
  answer: |
    {said}
  # La réponse d'abord, puis les détails. 900 caractères au plus, des phrases courtes.
  # variants:                       # seulement si un public demande une autre tournure
  #   relais: |
  #     …
  # facile: |                       # la même réponse, très simple : une idée par phrase
  #   …
  sources: []
  # - title: Service-Public
  #   url: https://www.service-public.gouv.fr/…
  # as_of: "{on:%Y-%m}"                # date du fait dans sa source
  # checked: "{on.isoformat()}"           # jour où la réponse a été comparée à sa source
  valid_from: "2099-12-31"          # à retirer quand tout est écrit : avant, la fiche n'est pas dite
  handoff: always                   # à retirer aussi, ou after_answer si un référent doit suivre
  related: []                       # fiches à proposer ensuite
  # also: []                        # fiches qui répondent aussi bien
"""


def new_theme(theme: str, title: str) -> str:
    """The beginning of a theme's file."""
    return f'theme: {theme}\ntitle: "{title}"\nentries:\n'


def with_draft(text: str, written: str) -> str:
    """The text of a theme's file with one more entry at its end."""
    return text.rstrip("\n") + "\n" + written
