"""The files for operators in `deploy/`: what they name exists, and systemd understands its units."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.config import SECRETS, Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = "/opt/souffleur/.venv/bin/python"
HARDENED = (
    "NoNewPrivileges=true",
    "ProtectSystem=strict",
    "ProtectHome=true",
    "StateDirectory=souffleur",
    "User=souffleur",
    "UMask=0077",
    "CapabilityBoundingSet=",
)


@pytest.mark.parametrize("path", [*UNITS, DEPLOY / "Containerfile"], ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {f"BOT_{name.upper()}" for name in Settings.model_fields}
    known |= {f"BOT_{name.upper()}_FILE" for name in SECRETS}
    assert set(re.findall(r"BOT_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_every_service_types_a_command_that_exists_and_is_hardened(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    (command,) = (line for line in lines if line.startswith("ExecStart="))
    name = command.removeprefix(f"ExecStart={PYTHON} -m bot ").split()[0]
    assert name in get_command(app).commands  # type: ignore[attr-defined]  # a group
    assert [line for line in HARDENED if line not in lines] == []
    assert not any("TOKEN=" in line or "SECRET=" in line for line in lines), "secrets come by LoadCredential"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        # The program's own interpreter stands where the installed one would.
        words = path.read_text(encoding="utf-8").replace(PYTHON, sys.executable)
        (tmp_path / path.name).write_text(words, encoding="utf-8")
    units = [str(tmp_path / path.name.replace("@.", "@1.")) for path in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "souffleur" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


def test_the_image_holds_the_program_and_runs_it_as_nobody_special() -> None:
    copied = re.findall(r"^COPY (\S+) (\S+)$", CONTAINERFILE, re.MULTILINE)
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    for source, _ in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source
    assert {source for source, _ in copied} >= {"bot", "handlers", "knowledge", "storage", "requirements.txt"}
    assert "--require-hashes" in CONTAINERFILE
    assert re.search(r"^USER [1-9]\d*$", CONTAINERFILE, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", CONTAINERFILE, re.MULTILINE)
    assert 'ENTRYPOINT ["python", "-m", "bot"]' in CONTAINERFILE


def test_the_readme_tells_of_each_file() -> None:
    for path in DEPLOY.iterdir():
        assert f"deploy/{path.name}" in README, path.name
