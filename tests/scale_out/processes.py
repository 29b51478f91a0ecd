"""The processes of one documented command line: started, told apart, held still, and ended."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One process of this machine."""

    pid: int
    parent: int
    session: int
    state: str
    command: str


def processes() -> Iterator[Process]:
    """Yield all processes that can be seen."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError):
                state, parent, _group, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                yield Process(int(folder.name), int(parent), int(session), state, command)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> bool:
    """Return whether it came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


@dataclass(frozen=True, slots=True)
class Running:
    """Everything that one command line started."""

    shell: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def started(cls, line: str, environ: Mapping[str, str], log: Path) -> "Running":
        """Start a command line in a session of its own; what it prints goes to a file."""
        with log.open("wb") as stream:
            shell = subprocess.Popen(["bash", "-c", line], env=dict(environ), stdout=stream, stderr=subprocess.STDOUT, start_new_session=True)
        return cls(shell, log)

    def alive(self) -> list[Process]:
        """Return its processes, without the shell."""
        return [one for one in processes() if one.session == self.shell.pid and one.pid != self.shell.pid and one.state != "Z"]

    def workers(self) -> set[int]:
        """Return the processes that do jobs."""
        return {one.pid for one in self.alive() if one.command.rstrip().endswith("bo worker")}

    def web(self) -> set[int]:
        """Return the processes that answer: those whose parent serves as well."""
        serving = {one.pid: one.parent for one in self.alive() if "/bo serve" in one.command and not one.command.startswith("bash")}
        return {pid for pid, parent in serving.items() if parent in serving}

    @contextmanager
    def only(self, pid: int) -> Iterator[None]:
        """Hold all other web processes still, so that this one answers."""
        others = self.web() - {pid}
        for other in others:
            os.kill(other, signal.SIGSTOP)
        assert wait_for(lambda: {one.state for one in self.alive() if one.pid in others} <= {"T"})
        try:
            yield
        finally:
            for other in others:
                os.kill(other, signal.SIGCONT)

    def end(self, how: signal.Signals = signal.SIGTERM) -> bool:
        """Send all of them a signal, and return whether they go; on a busy machine that may take a while."""
        with suppress(ProcessLookupError):
            os.killpg(self.shell.pid, how)
        self.shell.wait(20)
        return wait_for(lambda: not self.alive(), 60)
