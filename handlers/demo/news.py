"""Who agreed to get news, and what a made-up desk sent them: nothing of it is on its way."""

from handlers import infos
from handlers.demo.scene import Scene
from storage import broadcasts, subscriptions
from storage.tables import Contact, Recipient

_SHARE = 0.2
_TEXTS = (
    (
        "pro",
        "Les virements partent le 17 : vérifiez vos coordonnées bancaires avant le 10.",
        21,
        1.0,
    ),
    ("jeunes", "Votre crédit de l'année se termine le 31 décembre : pensez à réserver.", 9, 0.6),
)
_DRAFT = ("scolaire", "Les réservations ADAGE du deuxième trimestre ouvrent lundi.")
_WORDING = "Oui, je veux recevoir ces nouvelles (démonstration)."


def write(scene: Scene) -> None:
    """Agreements, a broadcast that went out, one that was stopped, and a draft."""
    _agreements(scene)
    by = scene.cast[-1].id
    for subject, text, days, reached in _TEXTS:
        at = scene.ago(days=days)
        made = broadcasts.add(
            scene.turn.session, subject=subject, territories=None, text=text, by_id=by, now=at
        )
        broadcasts.start(scene.turn.session, made, now=at)
        mine = scene.turn.session.query(Recipient).filter(Recipient.broadcast_id == made.id)
        for one in mine.order_by(Recipient.id):
            one.state = "sent" if scene.happens(reached * 0.97) else "stopped" if reached < 1 else "failed"
        scene.turn.session.flush()
        end = broadcasts.finish if reached == 1 else broadcasts.stop
        end(scene.turn.session, made.id, now=at)
    subject, text = _DRAFT
    broadcasts.add(
        scene.turn.session, subject=subject, territories=None, text=text, by_id=by, now=scene.ago(days=1)
    )


def _agreements(scene: Scene) -> None:
    for contact in scene.turn.session.query(Contact).order_by(Contact.id):
        if scene.happens(_SHARE):
            subscriptions.give(
                scene.turn.session,
                contact.id,
                infos.OF_AUDIENCE.get(contact.audience or "", "jeunes"),
                territory=contact.territory,
                wording=_WORDING,
                act="button",
                now=contact.created_at,
            )
