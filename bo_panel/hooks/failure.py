"""Says where a plugin failed, without repeating what its exception says: that may hold a secret."""

import traceback
from pathlib import Path


def traced(error: BaseException) -> str:
    """Return the way that an exception took, a line for each call, for the log."""
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join([where(error), *(f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames)])


def where(error: BaseException, folder: Path | None = None) -> str:
    """Return the exception's type and the last line of the plugin that it passed through: `KeyError at plugin.py:12`."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        return f"{type(error).__name__} at {Path(error.filename).name}:{error.lineno}"
    own = [frame for frame in frames if folder is not None and Path(frame.filename).is_relative_to(folder)]
    last = (own or list(frames))[-1:]
    place = f" at {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    missing = f" ({error.name})" if isinstance(error, ModuleNotFoundError) and error.name else ""
    return f"{type(error).__name__}{missing}{place}"
