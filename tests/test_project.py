"""The project's own promises: what the files say and what they must not say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.config import SECRETS, Settings
from bot.metrics import Metrics
from bot.web.app import ROUTES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = ("bot", "handlers", "knowledge", "storage")


def test_requirements_name_no_host_and_pin_everything_by_hash() -> None:
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text()
        assert "://" not in text, path.name
        assert "index" not in text, path.name
        pinned = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


def test_no_python_file_is_over_300_lines() -> None:
    files = [path for package in (*PACKAGES, "tests") for path in (ROOT / package).rglob("*.py")]
    long = {path.name: len(path.read_text().splitlines()) for path in files if "versions" not in path.parts}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_no_module_is_called_utils_and_no_class_a_manager() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            assert "util" not in path.stem
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef):
                    assert not re.search(r"Manager|Service$|Helper", node.name), (path, node.name)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_what_belongs_there(package: str) -> None:
    doc = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text()))
    assert doc is not None
    assert len(doc) > 80


def test_knowledge_imports_neither_network_nor_database() -> None:
    script = (
        "import sys, knowledge.matching\n"
        "print([m for m in ('asyncio', 'aiohttp', 'sqlalchemy', 'telegram') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_no_start_waits_for_what_it_does_not_need() -> None:
    idle = ("scipy", "matplotlib", "pandas", "alembic", "xlsxwriter")
    script = f"import sys, bot.cli; print([m for m in {idle} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_our_programs_compute_with_one_thread() -> None:
    script = "import bot, numpy, pathlib; print(len([*pathlib.Path('/proc/self/task').iterdir()]))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


def test_the_readme_lists_every_setting() -> None:
    for name in Settings.model_fields:
        assert f"BOT_{name.upper()}" in README, name
    for name in SECRETS:
        assert re.search(rf"`BOT_{name.upper()}` \(secret\)", README), name


def test_the_readme_lists_no_setting_that_is_gone() -> None:
    known = {f"BOT_{name.upper()}" for name in Settings.model_fields} | {
        f"BOT_{n.upper()}_FILE" for n in SECRETS
    }
    assert set(re.findall(r"BOT_[A-Z_]+[A-Z]", README)) <= known


def test_the_readme_lists_every_command() -> None:
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]  # a group
        names = [f"{name} {sub}" for sub in command.commands] if hasattr(command, "commands") else [name]
        for full in names:
            assert f"`{full}" in README, full


def test_the_readme_lists_every_route() -> None:
    """Of a page's forms the last word suffices: they stand behind the page's own address."""
    for route in ROUTES:
        path = re.sub(r"\{(\w+):(?:[^{}]|\{[^}]*\})*\}", r"{\1}", str(getattr(route, "path", "")))
        assert path in README or f"/{path.rsplit('/', 1)[1]}`" in README, path


def test_the_readme_lists_exactly_the_metrics_there_are() -> None:
    documented = set(re.findall(r"souffleur_[a-z_]+[a-z]", README[README.index("### Metrics") :]))
    assert documented == set(Metrics().names())


def test_alerts_ask_for_metrics_that_there_are() -> None:
    rules = (ROOT / "deploy" / "prometheus-alerts.yml").read_text(encoding="utf-8")
    groups = yaml.safe_load(rules)["groups"]
    alerts = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in alerts}) == len(alerts) > 5
    ends = ("_bucket", "_count", "_sum")
    for rule in alerts:
        names = re.findall(r"souffleur_[a-z_]+", rule["expr"])
        bare = {name.removesuffix(end) for name in names for end in ends if name.endswith(end)} or set(names)
        assert bare <= set(Metrics().names()), rule["alert"]
        assert names, rule["alert"]
        assert rule["annotations"]["summary"]


def test_the_changelog_knows_this_version() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert f"## {version.group(1)}" in (ROOT / "CHANGELOG.md").read_text()
