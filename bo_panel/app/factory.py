"""Assembles the application of a panel."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_babel import Babel, lazy_gettext
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.database import database_url, engine_options, prepared
from bo_panel.bootstrap.logging import configure_logging
from bo_panel.web.access import AccessView
from bo_panel.web.account import AccountView
from bo_panel.web.audit import AuditView
from bo_panel.web.changes import ChangesView
from bo_panel.web.current import db
from bo_panel.web.jobs import JobsView
from bo_panel.web.overview import OverviewView
from bo_panel.web.roles import RolesView
from bo_panel.web.security import add_headers, answer_refusals, guard_every_request
from bo_panel.web.shell import add_shell
from bo_panel.web.sign_in import pages
from bo_panel.web.theme import PanelTheme, add_drawn, register_assets
from bo_panel.web.units import UnitsView
from bo_panel.web.users import EverybodyView, ExportView, UsersView

LARGEST_REQUEST = 1_000_000
MOST_PARTS = 3_000


def create_app(panel: Panel) -> Flask:
    """Return the application that serves this panel; everything is compiled here, before the first request."""
    configure_logging()
    app = Flask("bo_panel", template_folder=str(panel.settings.root / "templates"), static_folder=None)
    app.config.update(_configuration(panel))
    app.extensions["bo_panel"] = panel
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    with app.app_context():
        prepared(db.engine)
    Babel(app)
    CSRFProtect(app)
    register_assets(app, (kind.icon for kind in panel.registry.kinds.values() if kind.icon))
    add_drawn(app, word=panel.settings.words, product=panel.settings.words.product)
    guard_every_request(app)
    add_headers(app, https=panel.settings.server.https)
    answer_refusals(app)
    app.register_blueprint(pages)
    add_shell(app, _add_views(app, panel))
    if panel.settings.server.proxies:
        hops = panel.settings.server.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _add_views(app: Flask, panel: Panel) -> Admin:
    words = panel.settings.words
    admin = Admin(app, name=words.product, url="/", index_view=OverviewView(), theme=PanelTheme())
    admin.add_view(UsersView(words.users, words.users_section))
    admin.add_view(EverybodyView(words.users))
    admin.add_view(ExportView(words.users))
    admin.add_view(AccessView(words.users))
    admin.add_view(UnitsView(words.units, words.users_section))
    admin.add_view(RolesView(words.roles, words.users_section))
    admin.add_view(AuditView(lazy_gettext("Audit log"), lazy_gettext("Oversight")))
    admin.add_view(ChangesView(lazy_gettext("Changes")))
    admin.add_view(JobsView(lazy_gettext("Jobs"), lazy_gettext("Oversight")))
    admin.add_view(AccountView())
    return admin


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
