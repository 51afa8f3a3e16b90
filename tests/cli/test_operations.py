"""Commands of who keeps the service, and what they say when something is wrong."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.library import Library
from tests.cli.conftest import Terminal


def test_the_directory_from_the_command_line(bot: Terminal) -> None:
    added = bot(
        "referent", "add", "Camille Martin", "--territories", "25, Saône-et-Loire", "--email", "c@example.org"
    )
    assert added.code == 0, added
    assert added.out.strip().startswith("invite-")
    bot("referent", "add", "Dominique Petit", "--national", "--deputy", "camille martin")
    listed = json.loads(bot("referent", "list", "--json").out)
    assert [(r["name"], r["territories"], r["national"], r["deputy"]) for r in listed] == [
        ("Camille Martin", ["25", "71"], False, None),
        ("Dominique Petit", [], True, "Camille Martin"),
    ]
    assert "Camille Martin" in bot("referent", "list").out
    absent = bot("referent", "absent", "Camille Martin", "20/12", "04/01", "--replacement", "Dominique Petit")
    assert absent.code == 0, absent
    assert "20 décembre" in absent.err
    link = bot("login-link", "Camille Martin")
    assert link.out.strip().startswith("http://127.0.0.1:8080/console/login/")
    assert len(link.out.splitlines()) == 1
    assert bot("referent", "remove", "Camille Martin").code == 0
    assert len(json.loads(bot("referent", "list", "--json").out)) == 1


def test_every_reason_why_a_referent_is_refused_is_given_at_once(bot: Terminal) -> None:
    done = bot(
        "referent",
        "add",
        "X",
        "--territories",
        "Atlantide",
        "--role",
        "roi",
        "--email",
        "nul",
        "--no-invite",
        "--deputy",
        "Personne",
    )
    assert done.code == 1, done
    for word in ("Atlantide", "roi", "adresse e-mail", "Personne"):
        assert word in done.err
    unreachable = bot("referent", "add", "Y", "--no-invite")
    assert unreachable.code == 1
    assert "joindre" in unreachable.err


@pytest.mark.parametrize(
    "arguments", [("login-link", "Personne"), ("referent", "remove", "Personne"), ("forget", "telegram:1")]
)
def test_somebody_unknown_is_said_and_exits_with_1(bot: Terminal, arguments: tuple[str, ...]) -> None:
    done = bot(*arguments)
    assert done.code == 1, done
    assert "Traceback" not in done.err


def test_settings_are_shown_without_secrets(bot: Terminal) -> None:
    done = bot("settings", "--json", telegram_token="123456:abcdefghijklmnop")
    assert json.loads(done.out)["BOT_TELEGRAM_TOKEN"] == "(set)"
    assert "abcdefghijklmnop" not in done.out + done.err


def test_settings_show_where_the_zones_begin(bot: Terminal, tmp_path: Path, library: Library) -> None:
    thresholds = json.loads(bot("settings", "--json").out)["thresholds"]
    assert thresholds == asdict(library.matcher.confidence.thresholds)
    shown = bot("settings").out
    assert f"{100 * thresholds['answer']:.0f} / 100" in shown
    not_yet = bot("settings", "--json", cache_dir=str(tmp_path / "empty"))
    assert json.loads(not_yet.out)["thresholds"] is None
    assert "not learnt yet" in bot("settings", cache_dir=str(tmp_path / "empty")).err


@pytest.mark.fault(78)
def test_every_wrong_setting_is_named_and_no_value_is_shown(bot: Terminal) -> None:
    done = bot(
        "run",
        telegram_token="s3cr3t-value",
        telegram_mode="pigeon",
        web_port="99999",
        timezone="Mars/Olympus",
        database_url="mysql://s3cr3t",
        smtp_url="smtp://s3cr3t",
        trusted_proxies="x",
    )
    assert done.code == 2, done
    for name in (
        "TELEGRAM_TOKEN",
        "TELEGRAM_MODE",
        "WEB_PORT",
        "TIMEZONE",
        "DATABASE_URL",
        "TRUSTED_PROXIES",
    ):
        assert f"BOT_{name}:" in done.err
    assert "s3cr3t" not in done.err
    assert "Traceback" not in done.err


@pytest.mark.fault(78)
def test_the_webhook_needs_an_address_and_a_secret(bot: Terminal) -> None:
    done = bot("run", telegram_token="123456:abcdefghijklmnop", telegram_mode="webhook", webhook_secret="")
    assert done.code == 2
    assert "BOT_PUBLIC_URL" in done.err
    assert "BOT_WEBHOOK_SECRET" in done.err
    assert "abcdefghijklmnop" not in done.err


def test_a_secret_may_come_from_a_file(bot: Terminal, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("123456:abcdefghijklmnop\n")
    done = bot("settings", "--json", telegram_token_file=str(secret))
    assert json.loads(done.out)["BOT_TELEGRAM_TOKEN"] == "(set)"
    missing = bot("settings", telegram_token_file=str(tmp_path / "nothing"))
    assert missing.code == 2
    assert "BOT_TELEGRAM_TOKEN_FILE" in missing.err


@pytest.mark.parametrize("command", ["web", "worker"])
def test_web_and_worker_say_what_they_need(bot: Terminal, command: str) -> None:
    done = bot(command, telegram_token="123456:abcdefghijklmnop")
    assert done.code == 1
    assert "PostgreSQL" in done.err
    assert "webhook" in done.err


@pytest.mark.fault(77)
def test_broken_content_is_listed_with_file_and_line(bot: Terminal, tmp_path: Path) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "x.yaml").write_text(
        "theme: x\ntitle: X\nentries:\n- id: a\n- id: a\n  oups: 1\n"
    )
    done = bot("check", knowledge_dir=str(tmp_path))
    assert done.code == 1, done
    assert "x.yaml:4" in done.out + done.err
    assert "Traceback" not in done.err
    started = bot("run", knowledge_dir=str(tmp_path))
    assert started.code == 1
    assert "x.yaml" in started.err


def test_an_unknown_option_is_a_usage_error(bot: Terminal) -> None:
    done = bot("ask", "--nonsense")
    assert done.code == 2
    assert "Traceback" not in done.err
