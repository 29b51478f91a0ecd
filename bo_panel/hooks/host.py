"""The plugins of one panel: compiled when it starts, and asked for objections before every write."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bo_panel.hooks.contributions import Batch, ChangeNotice, Objection
from bo_panel.hooks.registry import Registry
from bo_panel.hooks.starting import Objector, started
from bo_panel.settings import Settings

log = logging.getLogger(__name__)

FAILED = "The plugin {name} failed while checking this, so nothing was done. Try again; if it stays, tell those who run this panel."


@dataclass(frozen=True, slots=True)
class Host:
    """The compiled registry, and the plugins that may object."""

    registry: Registry
    _objectors: tuple[Objector, ...] = ()

    @classmethod
    def compile(cls, settings: Settings, root: Path | None = None) -> Self:
        """Return the host of a deployment; `root` is the folder that holds `plugins/`.

        Raises PluginError with everything that is wrong with all plugins.
        """
        return cls(*started(settings, root or settings.root))

    @property
    def objects(self) -> bool:
        """Whether any plugin is to be asked at all."""
        return bool(self._objectors)

    def object(self, change: ChangeNotice, batch: Batch) -> list[tuple[str, Objection]]:
        """Return every objection to a change, with the name of the plugin that raises it; a plugin that fails objects."""
        return [(name, objection) for name, call in self._objectors for objection in _asked(name, call, change, batch)]


def _asked(name: str, call: Callable[..., list[Any]], change: ChangeNotice, batch: Batch) -> list[Objection]:
    try:
        return [_right(objection) for answer in call(change=change, users=batch) for objection in _several(answer)]
    except (Exception, SystemExit):
        log.exception("the plugin %s failed while it was asked about %s", name, change.key)
        return [Objection(FAILED.format(name=name))]


def _several(answer: object) -> Iterable[object]:
    if isinstance(answer, Iterable):
        return answer
    raise TypeError(f"bo_object returned one {type(answer).__name__}; return a list, or yield")


def _right(objection: object) -> Objection:
    if isinstance(objection, Objection) and isinstance(objection.reason, str) and objection.reason.strip():
        objection.ids  # noqa: B018 users of the wrong form fail here, where the plugin can be named
        return objection
    raise TypeError(f"bo_object gave a {type(objection).__name__}, not an Objection with a reason")
