"""Rules that every request goes through: headers, where it comes from, who sent it, how it is logged."""

import logging
import time
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.errors import Refusal
from bot.web.keys import LIMITS, PROXIES, WORLD, Network
from bot.web.limits import What
from handlers.pieces import LARGEST
from handlers.structure_import import LARGEST as LARGEST_SHEET

logger = logging.getLogger("bot.web.access")

MAX_BODY = 64 * 1024
CLIENT_LEFT = 499
"""In the logs, for an answer that nobody waits for any more: no failure of ours."""
MAX_UPLOAD = LARGEST + MAX_BODY
"""Of a form with a file for a demand."""
_LARGER = {"/pieces": MAX_UPLOAD, "/structures/import": LARGEST_SHEET + MAX_BODY}
"""How large a form may be, by how its path ends."""

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
# Programs that are no browsers send neither header; they may use the chat, never the console.
STRICT_PATHS = ("/console",)


def client_address(request: web.Request) -> str:
    """Whom to count a request for: behind trusted proxies, the last address that is none of theirs."""
    trusted = request.app[PROXIES]
    address = request.remote or ""
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not hop.strip() or not _within(address, trusted):
            break
        address = hop.strip()
    return _counted(address)


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        return False


def _counted(address: str) -> str:
    """An IPv6 customer holds a whole /64: counting single addresses would count nothing."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "?"
    return (
        str(parsed) if parsed.version == 4 else str(ip_network(f"{address.split('%')[0]}/64", strict=False))
    )


def same_origin(request: web.Request) -> bool:
    """Whether a request that changes something comes from one of our own pages.

    `Sec-Fetch-Site` decides where the browser sends it, else `Origin`; with neither it was no browser.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return not request.path.startswith(STRICT_PATHS)
    ours = urlsplit(request.app[WORLD]().public_url)
    theirs = urlsplit(origin)
    return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc) or (
        theirs.scheme in ("http", "https") and theirs.netloc == request.host
    )


def _spied(request: web.Request) -> bool:
    """Whether a page of somebody else asks for what only our own page reads: the API, its events too."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    foreign = site not in ("same-origin", "none") or (
        "Sec-Fetch-Site" not in request.headers and "Origin" in request.headers and not same_origin(request)
    )
    return foreign and request.path.startswith("/api/")


@web.middleware
async def origin_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    if _spied(request) or (request.method not in SAFE_METHODS and not same_origin(request)):
        raise Refusal(403, "cross_origin", "Cette demande vient d'une autre page : elle est refusée.")
    limit = next((most for end, most in _LARGER.items() if request.path.endswith(end)), MAX_BODY)
    if (request.content_length or 0) > limit and not request.path.startswith("/telegram/"):
        raise Refusal(413, "too_large", "Ce message est trop long pour être reçu.")
    return await handler(request)


@web.middleware
async def access_log_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Logs each request by its route template: paths hold tokens, queries and bodies hold words."""
    started = time.monotonic()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as raised:
        status = raised.status
        raise
    except ConnectionResetError:
        status = CLIENT_LEFT
        raise
    finally:
        resource = request.match_info.route.resource
        # Updates are counted where they are accepted; a line for each would cost as much as storing it.
        usual = request.path.startswith("/telegram/") and status == 200
        logger.log(
            logging.DEBUG if usual else logging.INFO,
            "request_served method=%s route=%s status=%d ms=%d",
            request.method if request.method in METHODS else "?",
            resource.canonical if resource else "?",
            status,
            (time.monotonic() - started) * 1000,
        )


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every response, also on a stream's, before its headers are sent (signal `on_response_prepare`)."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", _cache_control(request, response.status))
    response.headers.pop("Server", None)


def _cache_control(request: web.Request, status: int) -> str:
    # Conversations must not stay on a shared computer; static files may, those with a
    # mark of their content in the address without asking again.
    if not request.path.startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if "v" in request.query and status == 200 else "no-cache"


def count(request: web.Request, what: What, key: str | None = None) -> None:
    """Counts one more `what` for `key` (by default the client's address); Refusal 429 beyond its limit."""
    seconds = request.app[LIMITS].seconds_to_wait(what, key or client_address(request))
    if seconds is not None:
        raise Refusal(
            429,
            "too_many",
            f"Trop de demandes en peu de temps. Réessayez dans {seconds} s.",
            retry_after=seconds,
        )
