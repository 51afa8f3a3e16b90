"""What people and programs read when a request can't be served: French, and never a trace.

Refusal                      a request that we understand and refuse, as one value for HTML and JSON
"""

import json
import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.keys import WORLD
from bot.web.render import page
from storage.database import DatabaseUnavailable

logger = logging.getLogger(__name__)


class Refusal(Exception):
    """Ends a request with `status` and a French sentence. `code` is for programs, in English."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


UNAVAILABLE = Refusal(
    503,
    "unavailable",
    "Le service est momentanément indisponible. Rien de ce qui a été accepté n'est perdu : réessayez.",
    retry_after=5,
)
FAILED = Refusal(
    500,
    "failed",
    "Une erreur est survenue de notre côté. Réessayez ; si elle persiste, revenez un peu plus tard.",
)

_SENTENCES = {
    400: ("bad_request", "Cette demande est mal formée."),
    403: ("forbidden", "Cette action n'est pas permise."),
    404: ("not_found", "Cette page n'existe pas, ou plus."),
    405: ("method_not_allowed", "Cette adresse ne s'utilise pas ainsi."),
    410: ("gone", "Ce lien ne sert plus."),
    413: ("too_large", "Ce message est trop long pour être reçu."),
}


@web.middleware
async def errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns whatever a view raises into an answer. The one broad `except` of the web door."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return answer(request, refusal)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as error:
        return _with_headers(answer(request, _sentence(error.status)), error)
    except DatabaseUnavailable:
        logger.warning("database_unavailable")
        return answer(request, UNAVAILABLE)
    except ConnectionResetError:
        # The client left while we were answering: nobody to tell, nothing to repair.
        raise
    except Exception:
        # At the border: nothing inside may show a trace to people or stop the server.
        logger.exception("request_failed")
        return answer(request, FAILED)


def answer(request: web.Request, refusal: Refusal) -> web.Response:
    """The refusal as JSON for programs, else as a page."""
    if wants_json(request):
        response = web.Response(
            status=refusal.status,
            text=json.dumps(
                {"error": {"code": refusal.code, "message": refusal.message}}, ensure_ascii=False
            ),
            content_type="application/json",
        )
    else:
        template = "console/error.html" if request.path.startswith("/console") else "error.html"
        response = page(request, template, status=refusal.status, refusal=refusal)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def wants_json(request: web.Request) -> bool:
    """Programs get JSON; so does everybody on an application without pages."""
    accepts = request.headers.get("Accept", "")
    asks = request.path.startswith("/api/") or accepts.startswith("application/json")
    return asks or WORLD not in request.app


def _sentence(status: int) -> Refusal:
    code, message = _SENTENCES.get(status, _SENTENCES[400])
    return Refusal(status, code, message)


def _with_headers(response: web.Response, error: web.HTTPException) -> web.Response:
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
