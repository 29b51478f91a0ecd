"""The plugins of one panel: compiled when it starts, asked for objections before every write, and told afterwards what was done."""

import logging
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from bo_panel.hooks.contributions import Batch, ChangeEvent, ChangeNotice, Finding, Objection
from bo_panel.hooks.examining import examined
from bo_panel.hooks.failure import traced, where
from bo_panel.hooks.faults import Fault, Faults
from bo_panel.hooks.hookspecs import CHANGED, DOCTOR, OBJECT, PANELS
from bo_panel.hooks.on_users import Asker, Column, Listed, ListedUser, UserPanel
from bo_panel.hooks.registry import Registry
from bo_panel.hooks.showing import loaded, panels_in
from bo_panel.hooks.starting import Caller, Check, started
from bo_panel.settings import Settings

log = logging.getLogger(__name__)

FAILED = "The plugin {name} failed while checking this, so nothing was done. Try again; if it stays, tell those who run this panel."


@dataclass(frozen=True, slots=True)
class Host:
    """The compiled registry, who is called while the panel is at work (by hook, in order), and where a plugin failed of late."""

    registry: Registry
    callers: Mapping[str, tuple[Caller, ...]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults, compare=False)

    @classmethod
    def compile(cls, settings: Settings, root: Path | None = None, checks: Iterable[Check] = ()) -> Self:
        """Return the host of a deployment; `root` is the folder that holds `plugins/`.

        Raises PluginError with everything that is wrong with all plugins; `checks` look at what this room does not know.
        """
        return cls(*started(settings, root or settings.root, checks))

    @property
    def objects(self) -> bool:
        """Whether any plugin is to be asked at all."""
        return bool(self.callers.get(OBJECT))

    @property
    def shows(self) -> bool:
        """Whether any plugin shows something of a user beside his form."""
        return bool(self.callers.get(PANELS))

    def object(self, change: ChangeNotice, batch: Batch, off: Mapping[str, frozenset[int]] | None = None) -> list[tuple[str, Objection]]:
        """Return every objection to a change, with the name of the plugin that raises it; a plugin that fails objects.

        `off` names the homes at which a plugin is switched off: it is not asked about users who are at home there.
        """
        found: list[tuple[str, Objection]] = []
        for name, call in self.callers.get(OBJECT, ()):
            homes = (off or {}).get(name)
            about = Batch(tuple(user for user in batch if user.home_id not in homes)) if homes else batch
            if len(about) or not len(batch):
                found += [(name, self._only(objection, about, batch)) for objection in self._asked(name, call, change, about)]
        return found

    @property
    def listeners(self) -> tuple[str, ...]:
        """The plugins that want to be told what was done."""
        return tuple(name for name, _call in self.callers.get(CHANGED, ()))

    def tell(self, name: str, event: ChangeEvent) -> str | None:
        """Tell one plugin what was done; return None when it took it, else where it failed."""
        try:
            answer = self._caller(CHANGED, name)(event=event)
            if answer:  # such as a generator, which would have done nothing yet
                raise TypeError("bo_changed returns nothing")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a task that was cancelled, too: nothing a plugin raises ends whoever tells it
            log.error("the plugin %s failed while it was told of %s: %s", name, event.key, traced(error))
            return self.failed(name, CHANGED, error)
        return None

    def examine(self, name: str) -> tuple[Finding, ...]:
        """Return what a plugin finds when it looks at itself; nothing of one that does not."""
        if name not in (doctor for doctor, _call in self.callers.get(DOCTOR, ())):
            return ()
        return examined(name, self._caller(DOCTOR, name), lambda error: self.failed(name, DOCTOR, error))

    def loaded(self, column: Column, users: Listed) -> Mapping[int, str] | None:
        """Return what a column shows of these users, by their ids; None where the plugin failed."""
        name = column.key.partition(".")[0]
        try:
            return loaded(column, users)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            log.error("the plugin %s failed while it loaded the column %s: %s", name, column.key, traced(error))
            self.failed(name, f"bo_columns {column.key}", error)
            return None

    def panels(self, user: ListedUser, actor: Asker, off: Collection[str] = ()) -> Iterator[tuple[str, tuple[UserPanel, ...] | None]]:
        """Yield what each plugin shows of somebody, those apart that are off; None for one that failed."""
        for name, call in self.callers.get(PANELS, ()):
            if name in off:
                continue
            try:
                found: tuple[UserPanel, ...] | None = panels_in(call(user=user, actor=actor))
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                log.error("the plugin %s failed while it showed a user: %s", name, traced(error))
                self.failed(name, PANELS, error)
                found = None
            yield name, found

    def failed(self, name: str, hook: str, error: BaseException) -> str:
        """Note that a plugin failed, and return where: what its exception says may be a secret."""
        place = where(error, {plugin.name: plugin.folder for plugin in self.registry.plugins}.get(name))
        self.faults.note(Fault(name, hook, place))
        return place

    def culprit(self, error: BaseException) -> str | None:
        """Return the plugin through whose files an exception went last, or None when it was none of them."""
        frames = reversed(traceback.extract_tb(error.__traceback__))
        folders = {plugin.name: plugin.folder for plugin in self.registry.plugins}
        return next((name for frame in frames for name, folder in folders.items() if Path(frame.filename).is_relative_to(folder)), None)

    @staticmethod
    def _only(objection: Objection, about: Batch, batch: Batch) -> Objection:
        """Return an objection to everybody as one to those whom the plugin was asked about."""
        return replace(objection, users=about) if objection.users is None and about is not batch else objection

    def _caller(self, hook: str, name: str) -> Callable[..., list[Any]]:
        [call] = [call for plugin, call in self.callers[hook] if plugin == name]
        return call

    def _asked(self, name: str, call: Callable[..., list[Any]], change: ChangeNotice, batch: Batch) -> list[Objection]:
        try:
            return [_right(objection) for answer in call(change=change, users=batch) for objection in _several(answer)]
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            log.error("the plugin %s failed while it was asked about %s: %s", name, change.key, traced(error))
            self.failed(name, OBJECT, error)
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
