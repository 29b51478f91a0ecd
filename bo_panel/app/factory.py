"""Assembles the application of a panel."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bo_panel.app.views import add_views
from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.database import database_url, engine_options, prepared
from bo_panel.bootstrap.logging import configure_logging
from bo_panel.web.aliases import add_aliases
from bo_panel.web.current import db
from bo_panel.web.plugins import add_plugins
from bo_panel.web.security import add_headers, allow_uploads, answer_refusals, guard_every_request
from bo_panel.web.shell import add_shell
from bo_panel.web.sign_in import pages
from bo_panel.web.theme import add_drawn, register_assets

LARGEST_REQUEST = 1_000_000
MOST_PARTS = 3_000


class Application(Flask):
    """Flask, which need not look at each function of each request whether it is asynchronous: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(panel: Panel) -> Flask:
    """Return the application that serves this panel; everything is compiled here, before the first request."""
    configure_logging()
    app = Application("bo_panel", template_folder=str(panel.settings.root / "templates"), static_folder=None)
    app.config.update(_configuration(panel))
    app.extensions["bo_panel"] = panel
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    with app.app_context():
        prepared(db.engine)
    Babel(app)
    add_plugins(app, panel)
    allow_uploads(app)
    CSRFProtect(app)
    shown = (*panel.registry.kinds.values(), *panel.registry.pages.values(), *panel.registry.actions.values())
    register_assets(app, [named.icon for named in shown if named.icon])
    add_drawn(app, word=panel.settings.words, product=panel.settings.words.product)
    guard_every_request(app)
    add_headers(app, https=panel.settings.server.https)
    answer_refusals(app)
    app.register_blueprint(pages)
    add_shell(app, add_views(app, panel))
    add_aliases(app, panel.settings)
    if panel.settings.server.proxies:
        hops = panel.settings.server.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configuration(panel: Panel) -> dict[str, Any]:
    server = panel.settings.server
    return {
        "SECRET_KEY": panel.secret_key(),
        "SQLALCHEMY_DATABASE_URI": database_url(panel.settings),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(panel.settings),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_PARTS": MOST_PARTS,
        "TRUSTED_HOSTS": list(server.trusted_hosts) or None,
        "SESSION_COOKIE_NAME": "__Host-bo_state" if server.https else "bo_state",
        "SESSION_COOKIE_SECURE": server.https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=panel.settings.sign_in.session_absolute_hours),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": server.https,
        "BABEL_DEFAULT_LOCALE": "en",
    }
