"""Nothing secret reaches a log, whoever writes it."""

import json
import logging

import pytest
import structlog

from bot.logs import redact, set_up

TOKEN = "123456789:AAH-abcdefghijklmnopqrstuvwxyz012345"


@pytest.mark.parametrize(
    "line",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"GET https://api.telegram.org/file/bot{TOKEN}/photos/1.jpg",
        f"token={TOKEN}",
        "GET /console/login/z0xEM7zaCNhKYxsCbRqJW5M6OTLnPyh4cR9U9r4ksRw",
        "GET /d/z0xEM7zaCNhKYxsCbRqJW5M6OTLnPyh4cR9U9r4ksRw",
        "/start invite-z0xEM7zaCNhKYxsCbRqJW5M6OTLnPyh4cR9U9r4ksRw",
        "postgresql+asyncpg://souffleur:z0xEM7za@db/x",
    ],
)
def test_tokens_and_passwords_are_struck_out(line: str) -> None:
    shown = redact(line)
    assert "AAH-abc" not in shown
    assert "z0xEM7za" not in shown
    assert "***" in shown


@pytest.mark.parametrize("style", ["text", "json"])
def test_tracebacks_and_libraries_are_struck_out_too(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        set_up("debug", style)
        try:
            raise RuntimeError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except RuntimeError:
            structlog.get_logger("ours").exception("it_failed", url=f"/bot{TOKEN}")
            logging.getLogger("telegram").error("theirs %s", TOKEN, exc_info=True)
        shown = capsys.readouterr().err
        assert "it_failed" in shown
        assert "theirs" in shown
        assert "AAH-abc" not in shown
        if style == "json":
            assert all(json.loads(line)["event"] for line in shown.splitlines())
    finally:
        root.handlers = before
        root.setLevel(level)
        structlog.reset_defaults()
