"""What a made-up desk wrote down: blocking points, what the meeting agreed, proposals, replies it shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.demo.asking import SPIKING
from handlers.demo.sayings import IN_VAIN, REPLIES, SPIKE
from handlers.demo.scene import Member, Scene
from knowledge.searching import words
from storage import blocking, directory, meeting, proposals, shared_replies
from storage.blocking import State
from storage.tables import BlockingPoint, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    title: str
    subject: str
    state: State
    days: int
    near: str | None = None
    ended: int | None = None


_POINTS = (
    _Point(
        title="Le virement de remboursement du 15 manque",
        subject="remboursement",
        state="proposed",
        days=6,
        near=SPIKING,
    ),
    _Point(title="Les classes ne voient plus l'offre dans ADAGE", subject="adage", state="raised", days=34),
    _Point(title="Photo de pièce d'identité refusée sans motif", subject="compte", state="open", days=19),
    _Point(title="Rattachement d'un second lieu impossible", subject="pro", state="open", days=11),
    _Point(title="Notifications de réservation en double", subject="app", state="solved", days=90, ended=61),
    _Point(title="Séances passées encore réservables", subject="offre", state="solved", days=48, ended=40),
    _Point(title="Logo flou sur les affiches", subject="autre", state="dismissed", days=70, ended=68),
)
_SOLUTION = "La correction est en ligne depuis ce matin. Merci de nous dire si la difficulté revient."
_ACTIONS = (
    ("Relancer le rectorat sur les droits ADAGE", "Démo Dijon", -12, None),
    ("Préparer la visioconférence des nouveaux partenaires", "Démo Besançon", 3, None),
    ("Envoyer les chiffres par quartier à la préfecture", "Démo Lille", 6, None),
    ("Demander une date pour la correction des virements", "Équipe produit", 1, None),
    ("Mettre à jour la fiche sur le bonus", "Démo Rédaction", -20, "done"),
    ("Appeler les trois festivals sans offre", "Démo Rennes", -33, "done"),
    ("Réserver une salle pour juin", "Démo Paris", -60, "dropped"),
)
_OFF_TOPIC = ("quel temps fera-t-il samedi au festival", "avez-vous un plan du métro")


def write(scene: Scene) -> None:
    """All of it, by the same ways as the desk would."""
    _blocking(scene)
    _agreed(scene)
    _proposed(scene)
    _shared(scene)


def _blocking(scene: Scene) -> None:
    for number, one in enumerate(_POINTS):
        member, opened = scene.cast[number % len(scene.cast)], scene.ago(days=one.days)
        by_robot = one.state in ("proposed", "dismissed")
        point = blocking.add(
            scene.turn.session,
            title=one.title,
            subject=one.subject,
            since=opened.date(),
            now=opened,
            state="proposed" if by_robot else "open",
            by_id=None if by_robot else member.id,
            entry_id=one.near,
        )
        _reports(scene, point, one, member)
        if one.state != point.state:
            said = {"solution": _SOLUTION} if one.state == "solved" else {}
            at = scene.ago(days=one.ended or 1)
            blocking.move(scene.turn.session, point.id, one.state, by_id=member.id, now=at, **said)


def _reports(scene: Scene, point: BlockingPoint, one: _Point, member: Member) -> None:
    session, at = scene.turn.session, scene.ago(days=one.days)
    for ticket in _stopped(scene, one):
        blocking.report(session, point.id, now=ticket.opened_at, by_id=member.id, ticket=ticket)
    for number in range(scene.chance.randint(1, 3)):
        place = scene.chance.choice(scene.cast).territories
        who, territory = f"Structure Démo n° {number + 1}", place[0] if place else None
        blocking.report(session, point.id, now=at, by_id=member.id, who=who, territory=territory)


def _stopped(scene: Scene, one: _Point) -> Sequence[Ticket]:
    """The demands behind a proposal."""
    if one.near is None:
        return ()
    since = scene.ago(days=one.days + 1)
    numbers = [found.ticket_number for found in blocking.raised_since(scene.turn.session, since)]
    return [ticket for number in numbers[:9] if (ticket := scene.turn.session.get(Ticket, number))]


def _agreed(scene: Scene) -> None:
    by_name = {one.name: one for one in directory.everyone(scene.turn.session)}
    chair = by_name["Démo Dijon"].id
    for what, who, days, ending in _ACTIONS:
        colleague, due = by_name.get(who), scene.turn.today + timedelta(days=days)
        action = meeting.add(
            scene.turn.session,
            what=what,
            who=None if colleague is not None else who,
            referent_id=colleague.id if colleague is not None else None,
            due=due,
            noted_by_id=chair,
            now=scene.ago(days=max(7, 7 - days)),
        )
        if ending is not None:
            meeting.end(scene.turn.session, action.id, ending, by_id=chair, now=scene.ago(days=-days))


def _proposed(scene: Scene) -> None:
    """They wait: what is accepted would be learnt, and a demonstration must not change what is known."""
    session, base = scene.turn.session, scene.turn.world.knowledge
    targets: list[tuple[proposals.Kind, str | None, str]] = [("off_topic", None, text) for text in _OFF_TOPIC]
    targets += [("phrasing", one.near, one.wordings[0]) for one in IN_VAIN if base.entry(one.near)]
    targets.append(("phrasing", SPIKING, SPIKE[0]))
    for number, (kind, target, text) in enumerate(targets):
        proposals.add(
            session,
            kind=kind,
            target=target,
            words=text,
            wording=words(text),
            referent_id=scene.cast[number % len(scene.cast)].id,
            now=scene.ago(days=number + 1),
        )


def _shared(scene: Scene) -> None:
    people = directory.everyone(scene.turn.session)
    for number, text in enumerate(REPLIES[2:5]):
        title = text.split("\n\n")[1][:60].rstrip(" .,") + "…"
        author = people[number % len(people)]
        reply = shared_replies.share(
            scene.turn.session,
            author,
            title=title,
            text=text,
            territory=None,
            theme=None,
            now=scene.ago(days=40),
        )
        reply.uses = 3 + 4 * number
