"""The web application: its routes are the table of contents of what the web door can do."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.library import Library
from bot.metrics import Metrics
from bot.web import api, chat, chat_pieces, demands, health, links, pages, quality
from bot.web.changes import Changes
from bot.web.console.routes import ROUTES as CONSOLE
from bot.web.counting import counting_middleware
from bot.web.errors import errors_middleware
from bot.web.grouping import GROUPING, Grouping
from bot.web.health import PROBE, REGISTRY, Probe
from bot.web.keys import (
    CHANGES,
    CLOCK,
    DATABASE,
    LIBRARY,
    LIMITS,
    PROXIES,
    REMOTE,
    WORLD,
    Network,
    Remote,
)
from bot.web.limits import Limits
from bot.web.render import STATIC, set_up_templates
from bot.web.security import MAX_BODY, access_log_middleware, add_headers, origin_middleware
from handlers.turn import World
from storage.database import Database


def build_app(
    *,
    database: Database,
    clock: Callable[[], datetime],
    world: Callable[[], World],
    changes: Changes,
    library: Library,
    probe: Probe,
    metrics: Metrics | None = None,
    trusted_proxies: Sequence[Network] = (),
    remote: Remote | None = None,
) -> web.Application:
    """The public application. `world` is asked at each request, so that reloaded content is seen."""
    counting = counting_middleware(metrics or Metrics())
    app = web.Application(
        middlewares=[counting, access_log_middleware, errors_middleware, origin_middleware],
        client_max_size=MAX_BODY,
    )
    app[DATABASE], app[CLOCK], app[WORLD] = database, clock, world
    app[CHANGES], app[PROBE], app[LIMITS] = changes, probe, Limits(clock)
    app[LIBRARY], app[REMOTE] = library, remote
    app[GROUPING] = Grouping()
    app[PROXIES] = tuple(trusted_proxies)
    set_up_templates(app)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_end_waits)
    app.router.add_routes([*ROUTES, *CONSOLE])
    app.router.add_static("/static", STATIC)
    return app


ROUTES = [
    web.get("/", chat.show),
    web.post("/chat", chat.say),
    web.post("/chat/toujours-moi", chat.still_me),
    web.post("/chat/fin", chat.end),
    web.post("/chat/pieces", chat_pieces.receive_form),
    web.get(r"/chat/pieces/{piece:[1-9][0-9]{0,8}}", chat_pieces.show),
    web.post("/chat/mail", chat.ask_mail_notice),
    web.post("/chat/lien", links.make),
    web.get("/d/{token}", links.show),
    web.post("/d/{token}", links.open_conversation),
    web.post("/api/chat/sessions", api.open_session),
    web.post("/api/chat/messages", api.receive),
    web.get("/api/chat/messages", api.messages),
    web.get("/api/chat/events", api.events),
    web.post("/api/chat/pieces", chat_pieces.receive),
    web.post("/api/chat/presence", api.presence),
    web.get("/fiches/{entry:[a-z0-9-]+}", pages.entry),
    web.get("/confidentialite", pages.confidentiality),
    web.get("/accessibilite", pages.accessibility),
    web.get("/qualite", quality.show),
    web.get("/mes-demandes", demands.show),
    web.get("/mes-donnees", pages.my_data),
    web.get("/mes-donnees.json", pages.my_data_file),
    web.post("/mes-donnees/effacer", pages.erase),
    web.get("/healthz", health.healthz),
    web.get("/readyz", health.readyz),
]


def build_ops_app(*, probe: Probe, registry: CollectorRegistry) -> web.Application:
    """For who keeps the service, on a port of its own: metrics and the details of readiness."""
    app = web.Application(middlewares=[access_log_middleware, errors_middleware])
    app[PROBE], app[REGISTRY] = probe, registry
    app.router.add_routes(
        [
            web.get("/healthz", health.healthz),
            web.get("/readyz", health.readyz_details),
            web.get("/metrics", health.metrics),
        ]
    )
    return app


def make_runner(app: web.Application) -> web.AppRunner:
    """A runner without aiohttp's own access log, which would write tokens; ours is a middleware."""
    return web.AppRunner(app, access_log=None, shutdown_timeout=5, handle_signals=False)


async def _end_waits(app: web.Application) -> None:
    app[CHANGES].close()
