"""`bo worker`, as a process that is told to stop."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Bo

WORKER = "import sys; from pathlib import Path; from bo_panel.cli import run; sys.exit(run(['worker'], lambda panel: None, Path(sys.argv[1])))"


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_waits_until_it_is_told_to_stop_and_ends_as_if_nothing_were_wrong(filled: Bo, root: Path, how: signal.Signals) -> None:
    arguments = [sys.executable, "-c", WORKER, str(root)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "Waiting for jobs (Ctrl+C stops it).\n"
        finally:
            process.send_signal(how)
            _out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "Traceback" not in err


def test_what_signals_did_before_they_do_again_afterwards(filled: Bo) -> None:
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}

    assert filled("worker", "--once").code == 0

    assert {name: signal.getsignal(name) for name in before} == before
