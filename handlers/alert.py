"""Word to the national desk that somebody wrote in distress: where and when, never what."""

from handlers import circles, routing
from handlers.delivery import notify
from handlers.talk import Talk
from handlers.turn import Turn
from storage.tables import Contact

_CHANNELS = {"telegram": "alert.telegram", "web": "alert.site"}


def distress(turn: Turn, contact: Contact, talk: Talk) -> None:
    """Tells the whole desk by each of their channels; at most once per contact and hour."""
    if talk.alerted_within(turn.now, turn.world.patience.alert):
        return
    talk.alerted_at = turn.now.isoformat()
    channel = turn.texts(_CHANNELS.get(contact.address.split(":", 1)[0], "alert.site"))
    territory = routing.territory_name(turn, contact.territory)
    time = f"{turn.now.astimezone(turn.world.timezone):%H h %M}"
    text = turn.texts("alert.distress", channel=channel, territory=territory, time=time)
    for referent in circles.national_desk(turn):
        notify(
            turn,
            referent,
            text,
            mail_key="mail.alert",
            purpose="alert",
            channel=channel,
            territory=territory,
            time=time,
        )
