"""Serves the web application: with gunicorn where there is one, else with the server of werkzeug."""

import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from bo_panel.cli.workplace import SetUpProblem

try:
    from gunicorn.app.base import BaseApplication
    from gunicorn.workers.gthread import ThreadWorker
except ImportError:  # gunicorn needs a Unix
    BaseApplication = None

Make = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, with how many processes."""

    host: str
    port: int
    workers: int = 1
    threads: int = 8

    @property
    def text(self) -> str:
        """The address as a browser takes it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 shown, not bound
        return f"http://{host}:{self.port}/"


def check_free(address: Address) -> None:
    """Raise SetUpProblem when nobody can listen at the address."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise SetUpProblem(
            f"Nobody can listen at {address.host}, port {address.port}: {reason}. Choose another with --port (make demo PORT=…)."
        ) from None


def serve_until_stopped(make: Make, address: Address) -> None:
    """Serve what `make` returns until somebody stops it; every process makes its own."""
    if BaseApplication is None:
        _serve_with_werkzeug(make, address)
    else:
        _Gunicorn(make, address).run()


def _serve_with_werkzeug(make: Make, address: Address) -> None:
    from werkzeug.serving import run_simple  # its import is only paid for where there is no gunicorn

    run_simple(address.host, address.port, make(), threaded=True)


if BaseApplication is not None:
    STOPPING = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}

    class _Process(ThreadWorker):  # type: ignore[misc]
        """One of gunicorn's processes, which ends cleanly also when it is told to before it has started."""

        heard: SimpleQueue[int]
        """What was signalled before the process listened for itself."""

        def init_signals(self) -> None:
            """Listen for signals, and heed those that came before."""
            super().init_signals()
            while not self.heard.empty():
                self.alive = self.alive and self.heard.get() not in STOPPING

        def handle_quit(self, sig: int, frame: Any) -> None:
            """End at once; what is still loading is let finish, as whatever it is doing may take the end for a failure of its own."""
            if self.booted:
                super().handle_quit(sig, frame)
            self.alive = False

    class _Gunicorn(BaseApplication):  # type: ignore[misc]
        """Gunicorn, configured here and by no file."""

        def __init__(self, make: Make, address: Address) -> None:
            self._make = make
            self._address = address
            super().__init__()

        def load_config(self) -> None:
            """Set what is not as gunicorn has it by itself."""
            host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
            chosen = {
                "bind": f"{host}:{self._address.port}",
                "workers": self._address.workers,
                "threads": self._address.threads,
                "worker_class": _Process,
                "post_fork": lambda arbiter, process: setattr(process, "heard", arbiter.SIG_QUEUE),
                "loglevel": "warning",
                "proc_name": "bo_panel",
                "control_socket_disable": True,
            }
            for name, value in chosen.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """Return the application of one worker."""
            return self._make()
