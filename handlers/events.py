"""What can happen, in the past tense; every door translates its own language into these.

An address is `<channel>:<id>` (`telegram:123`, `web:…`). `external_id` is the door's own id of the
message (Telegram's message id, the web client's uuid), `reply_to` the one it answers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived:
    """Somebody wrote a text."""

    address: str
    text: str
    external_id: str | None = None
    reply_to: str | None = None
    transcript_id: int | None = None
    """Set when the door has already written the message into the transcript (web)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMade:
    """Somebody pressed a button or picked a numbered option; `choice` is as untrusted as any text."""

    address: str
    choice: str
    external_id: str | None = None
    """The message that carried the button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven:
    """A text that begins with a command, without its slash and the bot's name."""

    address: str
    name: str
    argument: str = ""
    external_id: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """Somebody changed a text sent earlier, or the caption of something else (`caption`)."""

    address: str
    text: str
    external_id: str
    caption: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGiven:
    """A file that stays where it is: the door's id of it, and what the door says about it, unchecked."""

    external_id: str
    name: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived:
    """Something that is not text: a photo, a voice message, a document. Its content is never read."""

    address: str
    kind: str
    external_id: str
    caption: str = ""
    reply_to: str | None = None
    file: FileGiven | None = None
    transcript_id: int | None = None
    """Set when the door has already written it down, with its file (web)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBlocked:
    """The person stopped the bot: nothing more can be delivered there."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReturned:
    """The person started the bot again."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupJoined:
    """The bot was added to, or addressed in, a chat that is not private: it leaves."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDue:
    """A moment that was asked for has come."""

    kind: str
    arguments: dict[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A documented silence: nothing to do, and why."""

    reason: str


Event = (
    MessageReceived
    | ChoiceMade
    | CommandGiven
    | MessageEdited
    | MediaReceived
    | ContactBlocked
    | ContactReturned
    | GroupJoined
    | TimerDue
    | Ignored
)
