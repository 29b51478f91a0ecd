"""`bo demo`, `bo doctor` and `bo serve`."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bo_panel.app import create_app
from bo_panel.cli import run
from bo_panel.settings.loading import ROOT
from tests.cli.conftest import Bo

SERVE = "import sys; from pathlib import Path; from bo_panel.cli import run; sys.exit(run(sys.argv[2:], {web}, Path(sys.argv[1])))"
HELLO = "lambda panel: lambda environ, start: (start('200 OK', []), [b'hello'])[1]"


def test_it_is_filled_once_and_tells_who_can_sign_in(bo: Bo) -> None:
    first, second = (bo("demo", "--no-serve", "--users", "150") for _ in range(2))

    password = re.search(r"password of each of them: (\S+)", first.out)
    assert first.code == second.code == 0
    assert password is not None
    assert password[1] in second.out
    assert "platform_administrator" in second.out


def test_it_is_made_anew_when_asked(bo: Bo) -> None:
    first = bo("demo", "--no-serve", "--users", "150")
    again = bo("demo", "--no-serve", "--users", "180", "--reset")

    assert first.out != again.out
    assert bo("audit", "tail", "--json").json[0]["after"]["users"] == 180


def test_what_people_made_is_neither_filled_nor_thrown_away(bo: Bo) -> None:
    bo("db", "upgrade")
    bo("users", "add", "--owner", "--user-name", "olivia")

    for arguments in (("--no-serve",), ("--no-serve", "--reset")):
        ran = bo("demo", *arguments)
        assert ran.code == 2
        assert "stays as it is" in ran.err
    assert len(bo("users", "list", "--json").json) == 1


def test_a_server_database_is_not_thrown_away(bo: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    ran = bo("demo", "--no-serve", "--reset")

    assert ran.code == 2
    assert "drop the database" in ran.err


def test_passwords_that_are_lost_are_told(filled: Bo, root: Path) -> None:
    (root / "var" / "service_provider" / "demo-sign-in.txt").unlink()

    assert "--reset" in filled("demo", "--no-serve").out


def test_the_doctor_says_what_to_do_next(bo: Bo) -> None:
    before = bo("doctor")
    bo("db", "upgrade")
    without = bo("doctor", "--json")
    bo("users", "add", "--owner", "--user-name", "olivia")
    after = bo("doctor")

    assert (before.code, without.code, after.code) == (1, 1, 0)
    assert "db upgrade" in before.out
    assert without.json[-1] == {
        "about": "owner",
        "state": "fail",
        "says": "Nobody who can sign in is an owner. Run: bo -d service_provider users add --owner",
    }
    assert "1 who can sign in" in after.out


def test_the_doctor_copes_with_a_wrong_set_up(bo: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BO_SERVER__PORT", "high")

    ran = bo("doctor")

    assert ran.code == 1
    assert "server.port" in ran.out


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def test_a_port_that_is_taken_is_a_sentence(filled: Bo, taken: int) -> None:
    for command in ("serve", "demo"):
        ran = filled(command, "--port", str(taken))
        assert ran.code == 2
        assert f"Nobody can listen at 127.0.0.1, port {taken}: address already in use." in ran.err


@pytest.mark.slow
def test_it_serves_until_it_is_interrupted(filled: Bo, root: Path) -> None:
    port = free_port()
    arguments = [sys.executable, "-c", SERVE.format(web=HELLO), str(root), "serve", "--port", port, "--workers", "2"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert answer_of(f"http://127.0.0.1:{port}/") == b"hello"
        finally:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/" in out
    assert "Traceback" not in err


@pytest.mark.slow
def test_it_is_interrupted_while_it_starts(filled: Bo, root: Path) -> None:
    arguments = [sys.executable, "-c", SERVE.format(web="__import__('tests.cli.starting').cli.starting.interrupted"), str(root), "serve"]
    ran = subprocess.run([*arguments, "--port", free_port(), "--workers", "2"], capture_output=True, text=True, timeout=60, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")


def answer_of(url: str) -> bytes:
    for _ in range(400):
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as response:
            return bytes(response.read())
        time.sleep(0.1)
    return b""


def test_an_alias_that_leads_nowhere_is_told_before_anything_is_served(bo: Bo, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bo("db", "upgrade").code == 0
    (root / "templates").symlink_to(ROOT / "templates")
    with (root / "config" / "deployments" / "service_provider.toml").open("a", encoding="utf-8") as file:
        file.write('\n[routes]\n"/old" = "/user/new/"\n')

    code = run(("-d", "service_provider", "serve", "--port", free_port()), create_app, root)

    assert code == 2
    told = "config/deployments/service_provider.toml: routes.\"/old\": leads to '/user/new/', which is no page. Did you mean /users/new/?"
    assert told in capsys.readouterr().err


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])
