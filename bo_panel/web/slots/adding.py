"""What plugins do to the pages as a whole."""

from flask import Flask

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.faults import keep_faults
from bo_panel.hooks.templates import Layers
from bo_panel.queries.kept_values import Keeper
from bo_panel.web.slots.drawing import Slots


def add_plugins(app: Flask, panel: Panel) -> None:
    """Give pages the templates of plugins, compiled before any page is built, and have it written down where one failed."""
    folders = [(plugin.name, plugin.templates) for plugin in panel.registry.plugins if plugin.templates]
    layers = Layers([(name, folder) for name, folder in folders if folder], panel.settings.root / "templates")
    app.jinja_loader = layers
    for name in layers.names():
        app.jinja_env.get_template(name)
    app.jinja_env.globals["slot"] = Slots(app, panel, Keeper(panel.registry, panel.clock, panel.session)).draw
    app.teardown_request(lambda _error: keep_faults(panel))
