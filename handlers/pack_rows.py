"""The week as rows for a spreadsheet: questions without words or persons, and the pack's figures.

The columns are an interface: new ones come at the end, none goes or changes its meaning.
"""

from collections.abc import Sequence

from handlers.pack import Pack
from handlers.pack_places import Place
from handlers.pack_words import fate, share, span
from handlers.quality_figures import Quality, interval
from handlers.routing import territory_name
from handlers.silence import DAYS, Partners
from handlers.structure_words import STUCK_AFTER
from handlers.turn import Turn
from handlers.week import Week
from knowledge.markup import plain
from storage import statistics
from storage.statistics import FATES, Scope

Row = Sequence[str | int]
MOST = 200_000
"""Rows of a file; a spreadsheet holds a million."""
HEADING = (
    "Semaine",
    "Jour",
    "Heure",
    "Public",
    "Département",
    "Territoire",
    "Canal",
    "Issue",
    "Thème",
    "Fiche",
    "Titre de la fiche",
    "Avis",
)
FIGURES = ("Rubrique", "Intitulé", "Valeur", "Détail")
_OPINIONS = {"yes": "utile", "no": "pas utile"}
_CHANNELS = {"web": "Web", "telegram": "Telegram"}


def questions(turn: Turn, week: Week, place: Place) -> list[Row]:
    """One row per question, in order; the hour alone is told, so that nobody is found by the minute."""
    zone, base = turn.world.timezone, turn.world.knowledge
    scope = Scope(start=week.begins(zone), end=week.ends(zone), territories=place.codes)
    found: list[Row] = []
    for one in statistics.rows(turn.session, scope, limit=MOST):
        local, entry = one.asked_at.astimezone(zone), base.entry(one.entry_id or "")
        near = base.entry(one.nearest_id or "")
        found.append(
            (
                week.id,
                local.date().isoformat(),
                local.hour,
                turn.texts(f"audience.{one.audience or 'unknown'}"),
                one.territory or "",
                territory_name(turn, one.territory),
                _CHANNELS.get(one.channel, one.channel),
                fate(turn, one.fate),
                base.themes.get(near.theme, "") if near is not None else "",
                one.entry_id or "",
                entry.title if entry is not None else "",
                _OPINIONS.get(one.feedback or "", ""),
            )
        )
    return found


def figures(turn: Turn, pack: Pack) -> list[Row]:
    """What the pack counts, line by line."""
    whole, desk = pack.whole, pack.desk
    demonstration = turn.texts("week.demonstration")
    found: list[Row] = [
        *([("Avertissement", plain(demonstration), "", "")] if pack.demonstration else ()),
        ("Semaine", pack.week.id, whole.total, pack.place.name),
        *(
            ("Issues", fate(turn, one), whole.fates.get(one, 0), share(whole.fates.get(one, 0), whole.total))
            for one in FATES
        ),
        ("Avis", "utile", whole.helped, ""),
        ("Avis", "pas utile", whole.unhelpful, ""),
        ("Demandes", "ouvertes", desk.opened, ""),
        ("Demandes", "closes", desk.closed, ""),
        ("Demandes", "en cours à la fin", desk.unsolved, ""),
        ("Demandes", "délai dépassé", desk.late, ""),
    ]
    for name, parts in (
        ("Publics", pack.audiences),
        ("Thèmes", pack.themes),
        ("Territoires", pack.territories),
    ):
        found += [(name, one.name, one.tally.total, "") for one in parts]
    for name, spread in (
        ("première réponse", desk.first_reply),
        ("solution confirmée", desk.confirmed),
        ("solution supposée", desk.assumed),
    ):
        found.append(
            ("Délais", name, spread.count, f"médiane {span(spread.median)}, 9 sur 10 en {span(spread.p90)}")
        )
    return [*found, *_quality(pack.quality), *_partners(pack.partners)]


def _quality(quality: Quality) -> list[Row]:
    """Of the whole service and up to thirteen weeks, whatever the place."""
    judged = quality.wrong.whole
    return [
        ("Réponses vérifiées, 13 semaines", "jugées", judged, ""),
        *(
            ("Réponses vérifiées, 13 semaines", name, one.part, interval(one))
            for name, one in (("fausses", quality.wrong), ("incomplètes", quality.incomplete))
        ),
        ("Réponses vérifiées, 13 semaines", "à juger", quality.waiting, ""),
    ]


def _partners(found: Partners) -> list[Row]:
    return [
        ("Structures", f"bloquées depuis plus de {STUCK_AFTER} jours", found.stuck, ""),
        ("Territoires", f"sans contact depuis {DAYS} jours", len(found.silent), ""),
    ]
