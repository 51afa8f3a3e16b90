"""Delivers one outbox item by SMTP: a `Receipt`, or a `DeliveryError` that says what to do about it."""

from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.delivery import Receipt, Refused, Unavailable, Uncertain, Unreachable
from bot.mail.render import render

TIMEOUT = 20.0


class MailSender:
    """What the worker calls for the channel `mail`; `smtp://user:password@host:port`, or `smtps://…`."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._sender = sender
        self._options: dict[str, Any] = {
            "hostname": parts.hostname or "localhost",
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            "timeout": TIMEOUT,
        }

    async def deliver(self, lane: str, payload: dict[str, Any], *, repeated: bool) -> Receipt:
        """Sends one mail to `mail:<address>`. A server that keeps silent after the text is uncertain."""
        recipient = lane.removeprefix("mail:")
        try:
            mail = render(payload, sender=self._sender, recipient=recipient, key=str(payload.get("key", "")))
            await aiosmtplib.send(mail, recipients=[recipient], **self._options)
        except ValueError:
            raise Refused("the address cannot be written in a mail") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = {refusal.code for refusal in error.recipients}
            if any(code >= 500 for code in codes):
                raise Unreachable("the mail server refused the recipient") from None
            raise Unavailable("the mail server put the recipient off") from None
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError):
            raise Unavailable("the mail server cannot be reached") from None
        except aiosmtplib.SMTPAuthenticationError:
            raise Unavailable("the mail server refused our name or password", "setup") from None
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPHeloError) as error:
            # Our setting is wrong, not this mail: it waits until somebody has put it right.
            raise Unavailable(f"the mail server refused our address ({error.code})", "setup") from None
        except aiosmtplib.SMTPNotSupported:
            raise Refused("the mail server does not take this address") from None
        except aiosmtplib.SMTPResponseException as error:
            if error.code >= 500:
                raise Refused(f"the mail server answered {error.code}", error.code) from None
            raise Unavailable(f"the mail server answered {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Uncertain(type(error).__name__) from None
        return Receipt()
