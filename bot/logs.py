"""Logs: events in the past tense with ids, never words of people, never a secret.

Every line of every library passes the same chain; tokens are struck out there, tracebacks included.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRETS = (
    (re.compile(r"(?i)\b(bot)?\d{5,}:[A-Za-z0-9_-]{10,}"), "bot***"),
    (re.compile(r"(/console/login/|/d/|start=|invite-)[A-Za-z0-9_-]{16,}"), r"\1***"),
    (re.compile(r"(?i)\b([a-z0-9+]+://[^\s/:@]*):[^\s/@]+@"), r"\1:***@"),
)
_TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp.access", "alembic", "asyncio")


def redact(text: str) -> str:
    """The text without bot tokens, one-time links and passwords in URLs."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def set_up(level: str, style: str) -> None:
    """Sends all logs, structlog's and the libraries', through one chain to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(shared, style))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # It quotes the bytes of a request that it cannot read, and a secret may be among them.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)


class Redacting(structlog.stdlib.ProcessorFormatter):
    """Renders a line and strikes out secrets last, when exceptions are text already."""

    def __init__(self, shared: list[structlog.typing.Processor], style: str) -> None:
        last: structlog.typing.Processor
        if style == "json":
            last = structlog.processors.JSONRenderer(ensure_ascii=False)
        else:
            last = structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        super().__init__(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _format_exception, last],
        )

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def _format_exception(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> structlog.typing.ProcessorReturnValue:
    return structlog.processors.format_exc_info(logger, name, event)
