"""Events go to what standard error is when they happen, as a line of JSON each."""

import io
import json

import pytest
import structlog

from bo_panel.bootstrap.logging import configure_logging


def test_a_standard_error_that_was_closed_meanwhile_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    before = structlog.get_config()
    gone, now = io.StringIO(), io.StringIO()
    try:
        monkeypatch.setattr("sys.stderr", gone)
        configure_logging()
        gone.close()
        monkeypatch.setattr("sys.stderr", now)
        structlog.get_logger().info("looked", what="a line\nbreak")
    finally:
        structlog.configure(**before)
    [line] = now.getvalue().splitlines()
    said = json.loads(line)
    assert (said["event"], said["level"], said["what"]) == ("looked", "info", "a line\nbreak")
