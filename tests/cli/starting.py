"""A web application during whose start somebody presses Ctrl+C."""

import os
import signal
import time
from typing import Any


def interrupted(_panel: object) -> Any:
    """Tell the process above to stop, and take whatever then comes up for a failure, as who loads a plugin does."""
    os.kill(os.getppid(), signal.SIGINT)
    try:
        time.sleep(1)
    except BaseException as error:
        raise ValueError("the start failed") from error
    return lambda environ, start: start("200 OK", []) and []
