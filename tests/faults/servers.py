"""A PostgreSQL of one's own, that may be stopped: never the one that others use."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

STRICT = os.environ.get("BO_TEST_STRICT") == "1"
ACCOUNT = "postgres"
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=30", "shared_buffers=64MB", "checkpoint_timeout=1h")


def programs() -> Path:
    """Return the folder of PostgreSQL's programs; skip where there are none."""
    on_path = shutil.which("postgres")
    places = [*([Path(on_path).parent] if on_path else []), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    for place in places:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    (pytest.fail if STRICT else pytest.skip)("PostgreSQL's programs (initdb, postgres) are not here: apt install postgresql")


def as_postgres(*command: str) -> list[str]:
    """Return the command as somebody who may run PostgreSQL, which refuses to be run by root."""
    return ["runuser", "-u", ACCOUNT, "--", *command] if os.geteuid() == 0 else list(command)


@dataclass(slots=True)
class Server:
    """One PostgreSQL in a folder of its own."""

    folder: Path
    port: int
    megabytes: int = 0
    """The size of a disk of its own for what it is told to keep there; 0 for none."""
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{ACCOUNT}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    @property
    def room(self) -> Path:
        """The folder where its small disk is, as it sees it itself."""
        return self.folder / "room"

    @property
    def ballast(self) -> Path:
        """A file on that disk, as others see it."""
        return Path(f"/proc/{self.pid}/root{self.room}/ballast")

    def leave(self, free: int) -> None:
        """Leave only so many bytes free on its small disk."""
        disk = os.statvfs(self.ballast.parent)
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, disk.f_bavail * disk.f_frsize - free)

    def start(self) -> None:
        """Start it, in a mount namespace of its own if it has a small disk; return when it answers."""
        options = [part for setting in (*SETTINGS, f"port={self.port}") for part in ("-c", setting)]
        command = as_postgres(str(programs() / "postgres"), "-D", str(self.folder / "data"), *options)
        if self.megabytes:
            mount = f"mount -t tmpfs -o size={self.megabytes}m,uid={pwd.getpwnam(ACCOUNT).pw_uid},mode=700 tmpfs {self.room}"
            command = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh", *command]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True)
        self._wait()

    def stop(self) -> None:
        """Stop it at once, as a machine that loses power stops: nothing is told to anybody, and nothing is tidied up."""
        if self.process is None:
            return
        os.kill(self.pid, signal.SIGQUIT)
        self.process.wait(60)
        self.process = None

    def run(self, *statements: str) -> None:
        """Run statements, each by itself."""
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                self.run("SELECT 1")
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text()[-2000:])


@contextmanager
def server(megabytes: int = 0) -> Iterator[Server]:
    """Yield a new PostgreSQL, and take it away again; with a disk of so many megabytes, which takes root to make."""
    if megabytes and os.geteuid() != 0:
        pytest.skip("only root may mount a small disk, to see PostgreSQL run out of space")
    bin_folder, folder = programs(), Path(tempfile.mkdtemp(prefix="bo_faults_"))
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
    folder.chmod(0o755)
    made_how = ("-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
    initdb = as_postgres(str(bin_folder / "initdb"), "-D", str(folder / "data"), *made_how)
    made = Server(folder, _free_port(), megabytes)
    made.room.mkdir()
    try:
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
