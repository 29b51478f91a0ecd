"""The pages of the plugins: what each brings and how it fares, and where it is switched off. Nothing about code is changed here."""

from collections.abc import Sequence
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import Connection

from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import NotAllowed, NotFound, UnknownField
from bo_panel.hooks import migrations
from bo_panel.hooks.problems import PluginError
from bo_panel.hooks.registry import LoadedPlugin
from bo_panel.queries.plugin_errors import failing, failures
from bo_panel.queries.switches import switches, units_off
from bo_panel.queries.units import Place, place, places
from bo_panel.services.changes import SwitchPlugin
from bo_panel.services.engine import Needs
from bo_panel.web.base import PanelPage
from bo_panel.web.current import actor, me, panel, scope, session, visitor
from bo_panel.web.grid import Head
from bo_panel.web.plugins.telling import facts_of, failed_of, found_of, line_of, switch_of, tables_of
from bo_panel.web.translating import gettext
from bo_panel.web.users.typed import number

STATES = {"on": True, "off": False}


class PluginsView(PanelPage):
    """The plugins of the deployment, for those who may look at them at the root; what can be switched, for those who may there."""

    needs: ClassVar = {
        "index_view": Needs("plugins", "view"),
        "show_view": Needs("plugins", "view"),
        "at_view": Needs("plugins", "view"),
        "switch_view": Needs("plugins", "edit"),
    }

    def __init__(self, name: str, category: str) -> None:
        """Register the page."""
        super().__init__(name, category=category, endpoint="plugins", url="/plugins", menu_icon_type="icon", menu_icon_value="puzzle")

    def is_accessible(self) -> bool:
        """Return whether the menu offers the page."""
        found = visitor()
        return found is not None and found.access.anywhere("plugins", "view") and (_sees_all() or bool(panel().registry.switchable))

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return the list of the plugins, in the order in which they are asked, and the places where some can be switched."""
        registry = panel().registry
        if not self.is_accessible():
            raise NotAllowed(where=gettext("this place"))
        failed = failing(session(), panel().clock.now()) if _sees_all() else {}
        tops = places(session(), [path.ids[-1] for path in scope("plugins").paths]) if registry.switchable else {}
        return self.render(
            "plugins/list.html",
            page=Head(gettext("Plugins"), gettext("In the order in which they are asked. They are added and taken out in the deployment's file.")),
            plugins=[line_of(plugin, registry, failed.get(plugin.name, 0)) for plugin in registry.plugins] if _sees_all() else [],
            sees_all=_sees_all(),
            show_url=self.get_url(".show_view"),
            places=sorted(tops.values(), key=lambda top: top.path.text),
            at_url=self.get_url(".at_view"),
        )

    @expose("/show/")
    def show_view(self) -> ResponseReturnValue:
        """Return one plugin: what it is, what it brings, how it fares, and where it failed."""
        if not _sees_all():
            raise NotAllowed(where=gettext("this place"))
        plugin, now = _plugin(request.args.get("name", "")), panel().clock.now()
        connection = session().connection()
        tables = migrations.tables_of(connection, plugin) if plugin.migrations else []
        return self.render(
            "plugins/show.html",
            title=plugin.name,
            about=plugin.description,
            back_url=self.get_url(".index_view"),
            facts=facts_of(plugin, tables, _waiting(connection, plugin)),
            findings=[found_of(finding) for finding in panel().host.examine(plugin.name)],
            failures=[failed_of(failure, now) for failure in failures(session(), plugin.name)],
            tables=tables_of(panel().registry, plugin.name),
            per_unit=plugin.per_unit,
            off_at=units_off(session(), plugin.name) if plugin.per_unit else [],
            at_url=self.get_url(".at_view"),
        )

    @expose("/at/")
    def at_view(self) -> ResponseReturnValue:
        """Return the plugins that can be switched at a unit, and how they stand there."""
        unit, registry = self._unit(request.args.get("unit", "")), panel().registry
        found = switches(session(), registry)
        can = [plugin for plugin in registry.plugins if plugin.per_unit]
        return self.render(
            "plugins/at.html",
            title=unit.name,
            unit_id=unit.id,
            back_url=self.get_url(".index_view"),
            plugins=[switch_of(plugin, found, unit.path) for plugin in can],
            may_switch=me().access.allows("plugins", "edit", unit.path),
            switch_url=self.get_url(".switch_view"),
        )

    @expose("/switch/", methods=("POST",))
    def switch_view(self) -> ResponseReturnValue:
        """Switch a plugin off or on at a unit, and return to it."""
        unit, state = self._unit(request.form.get("unit", "")), request.form.get("state", "")
        if state not in STATES:
            raise UnknownField(name="state")
        name = request.form.get("plugin", "")[:100]
        panel().engine.run_single(session(), actor(), SwitchPlugin(plugin=name, unit_id=unit.id, on=STATES[state]))
        words = {"plugin": name, "unit": unit.name}
        flash(gettext("%(plugin)s is on at %(unit)s.", **words) if STATES[state] else gettext("%(plugin)s is off at %(unit)s.", **words), "success")
        return redirect(f"{self.get_url('.at_view')}?unit={unit.id}", 303)

    def _unit(self, text: str) -> Place:
        found = place(session(), number(text)) if number(text) else None
        if found is None or not scope("plugins").covers(found.path):
            raise NotFound
        return found


def _sees_all() -> bool:
    """Return whether the person asking may look at the plugins as such, and not only switch them somewhere."""
    return me().access.allows("plugins", "view", ROOT)


def _waiting(connection: Connection, plugin: LoadedPlugin) -> Sequence[str] | PluginError:
    """Return the migrations that are still to run, or what is wrong where the database is ahead of the plugin."""
    try:
        return migrations.pending(connection, plugin)
    except PluginError as error:
        return error


def _plugin(name: str) -> LoadedPlugin:
    for plugin in panel().registry.plugins:
        if plugin.name == name:
            return plugin
    raise NotFound
