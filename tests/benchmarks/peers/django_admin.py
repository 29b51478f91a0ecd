"""Django admin: one ModelAdmin over the table of the users. What Django keeps for itself is in a database of its own in memory."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from sqlalchemy import URL

from tests.benchmarks.measuring import Pages
from tests.benchmarks.peers import COLUMNS, Server
from tests.benchmarks.works import Work

CONTRIB = [f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")]
PEOPLE = "tests.benchmarks.peers.django_people"
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
PROCESSORS = ("django.template.context_processors.request", "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages")


@dataclass(frozen=True, slots=True)
class DjangoAdmin:
    """It, started, with somebody signed in who may do anything."""

    pages: Pages
    name: str = "Django admin"

    @classmethod
    def over(cls, url: URL) -> "DjangoAdmin":
        """Start it over a database; one process starts it once, and is pointed to another database after that."""
        if not settings.configured:
            _configure()
        from django.contrib.auth.models import User
        from django.core.handlers.wsgi import WSGIHandler
        from django.db import connections

        connections["measured"].close()
        connections.databases["measured"] = connections.configure_settings({"default": {}, "measured": _database(url)})["measured"]
        del connections["measured"]
        user = User.objects.filter(username="peer").first() or User.objects.create_superuser("peer")
        return cls(Pages(Server(WSGIHandler()), f"sessionid={_signed_in(user)}"))  # type: ignore[arg-type]

    def address(self, work: Work, page: int) -> str:
        """Return the address of a page."""
        pairs: list[tuple[str, Any]] = [("p", page)] if page > 1 else []
        pairs += [("q", work.search)] if work.search else []
        pairs += [("status__exact", work.status)] if work.status else []
        pairs += [("home__id__exact", work.beneath.unit_id)] if work.beneath else []
        pairs += [("o", f"-{COLUMNS.index('last_sign_in') + 1}")] if work.order.key == "last_sign_in" else []
        return f"/admin/django_people/user/?{urlencode(pairs)}"


def _configure() -> None:
    settings.configure(
        SECRET_KEY="peer" * 10,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=f"{PEOPLE}.urls",
        INSTALLED_APPS=[*CONTRIB, PEOPLE],
        MIDDLEWARE=MIDDLEWARE,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": PROCESSORS}}],
        DATABASES={name: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"} for name in ("default", "measured")},
        DATABASE_ROUTERS=[f"{PEOPLE}.models.Router"],
        STATIC_URL="static/",
        USE_TZ=True,
        LOGGING_CONFIG=None,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _database(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(url.database), "CONN_MAX_AGE": None}
    where = {"NAME": url.database, "USER": url.username, "PASSWORD": url.password or "", "HOST": url.host or "", "PORT": url.port or ""}
    return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **where}


def _signed_in(user: Any) -> str:
    """Return the key of a session of this user."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)
