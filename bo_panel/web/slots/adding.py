"""What plugins do to the pages as a whole."""

from flask import Flask
from jinja2 import TemplateError

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.faults import keep_faults
from bo_panel.hooks.failure import where
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.hooks.templates import Layers
from bo_panel.queries.kept_values import Keeper
from bo_panel.web.slots.drawing import Slots


def add_plugins(app: Flask, panel: Panel) -> None:
    """Give pages the templates of plugins, compiled before any page is built, and have it written down where one failed.

    Raises PluginError for templates that cannot be compiled.
    """
    folders = [(plugin.name, plugin.templates) for plugin in panel.registry.plugins if plugin.templates]
    layers = Layers([(name, folder) for name, folder in folders if folder], panel.settings.root / "templates")
    app.jinja_loader = layers
    problems = [problem for name in layers.names() for problem in _compiled(app, name)]
    if problems:
        raise PluginError(problems)
    app.jinja_env.globals["slot"] = Slots(app, panel, Keeper(panel.registry, panel.clock, panel.session)).draw
    app.teardown_request(lambda _error: keep_faults(panel))


def _compiled(app: Flask, name: str) -> list[Problem]:
    try:
        app.jinja_env.get_template(name)
    except TemplateError as error:
        return [Problem(plugin="templates", item=name, wrong=f"it cannot be compiled: {where(error)}.", remedy="Correct the template.")]
    return []
