"""Calls to the Bot API over aiohttp: every failure says whether the message may have left.

Each failed call raises PTB's `NetworkError` whose `__cause__` is one of `bot.delivery`'s errors. Nothing here
logs or quotes an URL: they hold the bot's token.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.delivery import (
    DeliveryError,
    Moved,
    Paused,
    Refused,
    Unavailable,
    Uncertain,
    Unreachable,
    still_ours,
)
from bot.telegram.upload import Outgoing, form

SCOPE: Final = "telegram"
"""The gate that a 429 closes: the whole bot, since Telegram doesn't say which limit was hit."""

_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # refused, DNS, TLS, proxy: no byte of the request was written
    aiohttp.ConnectionTimeoutError,  # not connected in time, or no connection free in the pool
    aiohttp.ClientHttpProxyError,  # the proxy refused the tunnel
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)
_PIECE: Final = 64 * 1024
_UPLOAD_SECONDS: Final = 55.0
"""Shorter than the outbox's lease, so that a slow upload is never made twice at once."""
_GONE = ("chat not found", "user not found", "peer_id_invalid", "deactivated", "user_is_blocked")


class AiohttpRequest(BaseRequest):
    """PTB's way out, on one aiohttp session opened at the first call.

    `read_timeout` is long on purpose: a shorter one only makes more outcomes uncertain. Two calls in a row
    still end within the outbox's lease of a minute. `proxies` (scheme → URL): the environment's by default.
    """

    def __init__(
        self,
        *,
        read_timeout: float = 20.0,
        connect_timeout: float = 5.0,
        connections: int = 64,
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._proxies = getproxies() if proxies is None else proxies

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # aiohttp has no such limit
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # counted in the connection's
    ) -> tuple[int, bytes]:
        body: dict[str, Any] = {"json": request_data.parameters if request_data else None}
        if request_data is not None and request_data.contains_files:
            body = {"data": _form(request_data)}
        outcome = await self._exchange(method, url, body, self._timeout(connect_timeout, read_timeout))
        if isinstance(outcome, DeliveryError):
            raise NetworkError(outcome.reason) from outcome
        return outcome

    async def result(self, url: str, parameters: dict[str, Any], *, read_timeout: float) -> Any:
        """The raw `result` of a call that PTB should not parse; raises the `DeliveryError` itself."""
        timeout = self._timeout(self._connect_timeout, read_timeout)
        outcome = await self._exchange("POST", url, {"json": parameters}, timeout)
        if isinstance(outcome, DeliveryError):
            raise outcome
        return json.loads(outcome[1])["result"]

    async def upload(self, url: str, fields: dict[str, str], name: str, file: Outgoing) -> Any:
        """The raw `result` of a call with a file that is streamed; raises the `DeliveryError` itself."""
        timeout = aiohttp.ClientTimeout(
            total=_UPLOAD_SECONDS, connect=self._connect_timeout, sock_read=self._read_timeout
        )
        outcome = await self._exchange("POST", url, {"data": form(fields, name, file)}, timeout)
        if isinstance(outcome, DeliveryError):
            raise outcome
        return json.loads(outcome[1])["result"]

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """A file's bytes as they come; raises `DeliveryError` before the first one when there are none."""
        timeout = aiohttp.ClientTimeout(connect=self._connect_timeout, sock_read=self._read_timeout)
        failure: DeliveryError
        try:
            response = await self._open().get(
                url, timeout=timeout, allow_redirects=False, proxy=self._proxy(url)
            )
        except _NEVER_LEFT as error:
            failure = Unavailable(f"not asked ({type(error).__name__})")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = Uncertain(f"no answer ({type(error).__name__})")
        else:
            async with response:
                if response.status != 200:
                    raise Refused("file not available", response.status)
                yield response.content.iter_chunked(_PIECE)
            return
        raise failure

    async def _exchange(
        self, method: str, url: str, body: dict[str, Any], timeout: aiohttp.ClientTimeout
    ) -> tuple[int, bytes] | DeliveryError:
        """An accepted answer, or what went wrong: returned, since aiohttp's own errors quote the URL."""
        try:
            async with self._open().request(
                method, url, **body, timeout=timeout, allow_redirects=False, proxy=self._proxy(url)
            ) as response:
                status, payload = response.status, await response.read()
        except DeliveryError as error:
            return error
        except _NEVER_LEFT as error:
            return Unavailable(f"not sent ({type(error).__name__})")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Uncertain(f"no answer ({type(error).__name__})")
        return judge(status, payload) or (status, payload)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                headers={"User-Agent": self.USER_AGENT},
                trace_configs=[_before_the_first_byte()],
            )
        return self._session

    def _timeout(self, connect: Any, read: Any) -> aiohttp.ClientTimeout:
        connect = self._connect_timeout if connect is self.DEFAULT_NONE else connect
        read = self._read_timeout if read is self.DEFAULT_NONE else read
        # The total stops an answer that drips a byte now and then.
        total = connect + read + 3 if connect is not None and read is not None else None
        return aiohttp.ClientTimeout(total=total, connect=connect, sock_read=read)

    def _proxy(self, url: str) -> str | None:
        """The environment's proxy (HTTPS_PROXY, NO_PROXY), read once: aiohttp uses a thread per call."""
        parts = urlsplit(url)
        proxy = self._proxies.get(parts.scheme)
        host = parts.hostname or ""
        local = host in ("localhost", "::1") or host.startswith("127.")
        return None if proxy is None or local or proxy_bypass(host) else proxy


def _before_the_first_byte() -> aiohttp.TraceConfig:
    """aiohttp tells of headers before it writes them: what is raised there ends the call before it left."""

    async def look(*_: object) -> None:
        await still_ours()

    traced = aiohttp.TraceConfig()
    traced.on_request_headers_sent.append(look)
    return traced


def make_bot(token: str, api_url: str | None, request: BaseRequest) -> Bot:
    """A `Bot` whose every call goes over `request`, to `api_url`/bot<token>/<method> (None: Telegram's)."""
    root = (api_url or "https://api.telegram.org").rstrip("/")
    return Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=request,
        get_updates_request=request,
    )


async def raw_result(
    bot: Bot, method: str, parameters: dict[str, Any], *, read_timeout: float | None = None
) -> Any:
    """Calls `method` for its raw JSON: one odd object in an answer must not hide the others."""
    request = bot.request
    if not isinstance(request, AiohttpRequest):
        raise TypeError("make_bot was given another kind of request")
    seconds = request.read_timeout if read_timeout is None else read_timeout
    return await request.result(f"{bot.base_url}/{method}", parameters, read_timeout=seconds)


def failure_of(error: TelegramError) -> DeliveryError:
    """What went wrong with a call; an error that isn't the transport's came after an answer arrived."""
    cause = error.__cause__
    return cause if isinstance(cause, DeliveryError) else Uncertain(f"unexpected ({type(error).__name__})")


def judge(status: int, payload: bytes) -> DeliveryError | None:
    """What an HTTP answer means for the message; None when it was accepted. Total over any bytes."""
    answer = _read(payload)
    if 200 <= status < 300:
        accepted = answer is not None and answer.get("ok") is True and answer.get("result") is not None
        return None if accepted else Uncertain(f"unreadable answer ({status})")
    if status >= 500 or status == 408:
        return Uncertain(f"server error ({status})")
    if status == 429:
        return Paused(_seconds(answer), SCOPE)
    if status == 413:
        return Refused("request too large", 413)
    if answer is None or answer.get("ok") is not False:
        # A proxy or a captive portal spoke, not Telegram: nothing was sent and nobody blocked us.
        return Unavailable(f"not the Bot API's answer ({status})", "setup")
    return _refusal(status, answer)


def _refusal(status: int, answer: dict[str, Any]) -> DeliveryError:
    description = str(answer.get("description") or f"status {status}")
    match status:
        case 401 | 404:
            return Unavailable("bot token rejected", "token")
        case 403:
            return Unreachable(description)
        case 409:
            return Unavailable("another receiver uses this token", "conflict")
    new_chat = _parameters(answer).get("migrate_to_chat_id")
    if isinstance(new_chat, int):
        return Moved(f"telegram:{new_chat}")
    if any(phrase in description.lower() for phrase in _GONE):
        return Unreachable(description)
    return Refused(description, status)


def _form(data: RequestData) -> aiohttp.FormData:
    """The parameters with the files they name."""
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)  # accents in names stay readable
    for name, (filename, content, content_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form


def _read(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _parameters(answer: dict[str, Any] | None) -> dict[str, Any]:
    found = (answer or {}).get("parameters")
    return found if isinstance(found, dict) else {}


def _seconds(answer: dict[str, Any] | None) -> float:
    """At least one second: Telegram does answer `retry_after: 0`. At most a day."""
    value = _parameters(answer).get("retry_after")
    return min(86_400.0, max(1.0, value)) if isinstance(value, int | float) else 1.0
