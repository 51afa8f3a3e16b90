"""Whether we live and are ready, for load balancers (public) and for who keeps the service (ops port)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`details` are for the ops port only: queue ages, parked items, `telegram_last_s`…"""

    database: bool
    schema: bool
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return self.database and self.schema


Probe = Callable[[], Awaitable[Readiness]]
PROBE: web.AppKey[Probe] = web.AppKey("probe")
REGISTRY = web.AppKey("registry", CollectorRegistry)


async def healthz(request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def readyz(request: web.Request) -> web.Response:
    """200 or 503, only for the database and its schema: a silent Telegram must not take the web chat down."""
    readiness = await request.app[PROBE]()
    return _answer(readiness, {})


async def readyz_details(request: web.Request) -> web.Response:
    readiness = await request.app[PROBE]()
    return _answer(readiness, readiness.details)


async def metrics(request: web.Request) -> web.Response:
    """Prometheus' text format; the probe brings the gauges up to date."""
    await request.app[PROBE]()
    return web.Response(
        body=generate_latest(request.app[REGISTRY]), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )


def _answer(readiness: Readiness, details: Mapping[str, object]) -> web.Response:
    body = {"ready": readiness.ready, "database": readiness.database, "schema": readiness.schema}
    return web.json_response({**body, **details}, status=200 if readiness.ready else 503)
