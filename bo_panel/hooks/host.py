"""The plugins of one panel: compiled when it starts, asked for objections before every write, and told afterwards what was done."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bo_panel.hooks.contributions import Batch, ChangeEvent, ChangeNotice, Objection
from bo_panel.hooks.failure import where
from bo_panel.hooks.registry import Registry
from bo_panel.hooks.starting import Caller, started
from bo_panel.settings import Settings

log = logging.getLogger(__name__)

FAILED = "The plugin {name} failed while checking this, so nothing was done. Try again; if it stays, tell those who run this panel."


@dataclass(frozen=True, slots=True)
class Host:
    """The compiled registry, the plugins that may object, and those that want to be told."""

    registry: Registry
    _objectors: tuple[Caller, ...] = ()
    _listeners: tuple[Caller, ...] = ()

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

    @property
    def listeners(self) -> tuple[str, ...]:
        """The plugins that want to be told what was done."""
        return tuple(name for name, _call in self._listeners)

    def tell(self, name: str, event: ChangeEvent) -> str | None:
        """Tell one plugin what was done; return None when it took it, else where it failed."""
        [call] = [call for listener, call in self._listeners if listener == name]
        try:
            answer = call(event=event)
            if answer:  # such as a generator, which would have done nothing yet
                raise TypeError("bo_changed returns nothing")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a task that was cancelled, too: nothing a plugin raises ends whoever tells it
            log.exception("the plugin %s failed while it was told of %s", name, event.key)
            return where(error, {plugin.name: plugin.folder for plugin in self.registry.plugins}.get(name))
        return None


def _asked(name: str, call: Callable[..., list[Any]], change: ChangeNotice, batch: Batch) -> list[Objection]:
    try:
        return [_right(objection) for answer in call(change=change, users=batch) for objection in _several(answer)]
    except KeyboardInterrupt:
        raise
    except BaseException:
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
