"""The private chats of the fake Telegram: who is there, and what was said in which message."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
State = Literal["unknown", "open", "blocked", "deactivated"]

BOT = {"id": 4242, "is_bot": True, "first_name": "Souffleur", "username": "souffleur_bot"}


class Refusal(Exception):
    """The Bot API says no for a good reason: an answer to expect, not a violation."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass
class Chat:
    """One chat; message ids start at 1 in each, so that nobody may mix chats up."""

    id: int
    state: State = "unknown"
    messages: dict[int, Json] = field(default_factory=dict)
    left: bool = False
    moved_to: int | None = None

    @property
    def type(self) -> str:
        return "private" if self.id > 0 else "supergroup"

    def card(self) -> Json:
        return {"id": self.id, "type": self.type, "first_name": "Camille", "username": f"camille_{self.id}"}

    def author(self) -> Json:
        """The person, with all that must never be stored."""
        return {
            "id": abs(self.id),
            "is_bot": False,
            "first_name": "Camille",
            "last_name": "Dupont-Secret",
            "username": f"camille_{self.id}",
            "language_code": "fr",
        }

    def add(self, author: Json, date: int, **content: Any) -> Json:
        message_id = len(self.messages) + 1
        message = {"message_id": message_id, "date": date, "chat": self.card(), "from": author, **content}
        self.messages[message_id] = message
        return message

    def expect_open(self) -> None:
        if self.moved_to is not None:
            upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, upgraded, migrate_to_chat_id=self.moved_to)
        match self.state:
            case "unknown":
                raise Refusal(400, "Bad Request: chat not found")
            case "blocked":
                raise Refusal(403, "Forbidden: bot was blocked by the user")
            case "deactivated":
                raise Refusal(403, "Forbidden: user is deactivated")
        if self.left:
            raise Refusal(403, "Forbidden: bot is not a member of the supergroup chat")

    def message(self, message_id: int, what: str) -> Json:
        message = self.messages.get(message_id)
        if message is None or message.get("deleted"):
            raise Refusal(400, f"Bad Request: {what}")
        return message

    def answered(self, reply: Json | None) -> Json:
        """`reply_to_message` for a reply, if its target is known; refused or left out if not."""
        if reply is None:
            return {}
        target = self.messages.get(reply["message_id"])
        if target is not None and not target.get("deleted"):
            return {"reply_to_message": {k: v for k, v in target.items() if k != "reply_to_message"}}
        if reply.get("allow_sending_without_reply"):
            return {}
        raise Refusal(400, "Bad Request: message to be replied not found")


class Chats:
    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}

    def __getitem__(self, chat_id: int) -> Chat:
        return self._chats.setdefault(chat_id, Chat(chat_id))

    def ids(self) -> list[int]:
        return list(self._chats)
