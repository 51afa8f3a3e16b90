"""Requests by group of routes and status, for `/metrics`: paths hold tokens and are no labels."""

import time
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.metrics import Metrics

_WAITING: Final = {"/api/chat/messages", "/api/chat/events", "/console/nouvelles"}
"""Read by long polls: how long they take says nothing."""
_GROUPS: Final = (
    ("/static", "static"),
    ("/api/", "api"),
    ("/console", "console"),
    ("/telegram/", "webhook"),
    ("/chat", "chat"),
    ("/d/", "chat"),
    ("/healthz", "health"),
    ("/readyz", "health"),
    ("/metrics", "health"),
)


def counting_middleware(metrics: Metrics) -> Middleware:
    """To stand before the others, so that what they refuse is counted too."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        began, status = time.perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as raised:
            status = raised.status
            raise
        finally:
            group = group_of(request)
            metrics.requests.labels(group, str(status)).inc()
            if group != "waiting":
                metrics.request_time.labels(group).observe(time.perf_counter() - began)
            if status == 503:
                metrics.unavailable.labels("web").inc()

    return count


def group_of(request: web.Request) -> str:
    """api, chat, console, health, page, static, waiting or webhook; « unknown » where there is no route."""
    resource = request.match_info.route.resource
    if resource is None:
        return "unknown"
    if request.method == "GET" and resource.canonical in _WAITING:
        return "waiting"
    found = (group for beginning, group in _GROUPS if resource.canonical.startswith(beginning))
    return "chat" if resource.canonical == "/" else next(found, "page")
