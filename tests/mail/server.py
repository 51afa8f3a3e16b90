"""An SMTP server as a test wants it: keeps what it accepts, refuses what it is told to."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult


class MailServer:
    """`answers` maps a step (MAIL, RCPT, DATA, or an address) to the line it is refused with."""

    def __init__(self, *, password: str | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.url = ""
        self._password = password
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._protocol, "127.0.0.1", 0)
        self.url = f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def _protocol(self) -> SMTP:
        if self._password is None:
            return SMTP(self)
        return SMTP(self, auth_require_tls=False, authenticator=self._authenticate)

    @property
    def settings(self) -> dict[str, str]:
        """Of a house that sends its mail here."""
        return {"smtp_url": self.url, "mail_from": "Souffleur <souffleur@exemple.fr>"}

    def to(self, address: str) -> list[EmailMessage]:
        """What somebody has received, oldest first."""
        return [mail for mail in self.mails if mail["To"] == address]

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.answers.get(address, self.answers.get("RCPT", "250 OK"))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        answer = self.answers.get("DATA", "250 OK")
        if answer == "hang up":
            server.transport.abort()
            return ""
        if answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.recipients.append(list(envelope.rcpt_tos))
        return answer

    def _authenticate(self, *given: Any) -> AuthResult:
        password = given[-1].password.decode()
        return AuthResult(success=password == self._password, handled=False)
