"""What is around every page: words, who is signed in, and the menu."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, request, session
from flask_admin import Admin
from flask_babel import get_locale, ngettext
from flask_wtf.csrf import generate_csrf

from bo_panel.domain.access import Access
from bo_panel.web.addresses import address_of
from bo_panel.web.current import db, panel, visitor
from bo_panel.web.translating import language, translator

THEMES = frozenset({"auto", "light", "dark"})
DENSITIES = frozenset({"cozy", "compact"})
NAVS = frozenset({"full", "rail"})
ADDRESSES = {
    "account_url": "account.index",
    "sign_out_url": "sign_in.leave",
    "home_url": "admin.index",
    "jobs_url": "jobs.index_view",
    "tray_url": "jobs.tray_view",
    "export_url": "export.index_view",
}
"""The pages that every page leads to."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the menu under a heading."""

    label: str
    items: tuple[Item, ...]


def add_shell(app: Flask, admin: Admin) -> None:
    """Give every template what the shell of a page is drawn from."""

    @lru_cache(maxsize=1_000)
    def signed(_secret: str) -> str:
        return str(generate_csrf())

    @lru_cache(maxsize=500)
    def menu(_access: Access, path: str, _language: str) -> tuple[Group, ...]:
        return _menu(admin, path)  # what is reached follows from the access alone: see Guarded.is_accessible

    def around() -> Mapping[str, Any]:
        found, secret = visitor() if db.session.is_active else None, session.get("csrf_token")
        token = signed(secret) if secret else generate_csrf()  # a session keeps its secret, so it is signed once
        words, (spoken, direction) = panel().settings.words, _spoken(language())
        return {
            "_gettext": translator(),
            "csrf_token": lambda: token,
            "_ngettext": ngettext,
            "lang": spoken,
            "dir": direction,
            "ui_theme": _cookie("bo_theme", THEMES, "auto"),
            "ui_density": _cookie("bo_density", DENSITIES, "cozy"),
            "ui_nav": _cookie("bo_nav", NAVS, "full"),
            "product": words.product,
            "word": words,
            "place": found.signed_in.home_name if found else "",
            "me": found,
            "menu": menu(found.access, request.path, language()) if found else (),
            **_addresses(request.script_root),
        }

    app.context_processor(around)


@lru_cache(maxsize=100)
def _spoken(name: str) -> tuple[str, str]:
    """Return the language of the request, and the direction it is written in, as HTML names them."""
    return name.replace("_", "-"), "rtl" if getattr(get_locale(), "text_direction", "ltr") == "rtl" else "ltr"


@lru_cache(maxsize=100)
def _addresses(root: str) -> Mapping[str, str]:
    return {name: address_of(endpoint, root) for name, endpoint in ADDRESSES.items()}


def _cookie(name: str, known: frozenset[str], otherwise: str) -> str:
    value = request.cookies.get(name, otherwise)
    return value if value in known else otherwise


def _menu(admin: Admin, path: str) -> tuple[Group, ...]:
    """Return the entries that the person asking may reach."""
    found: dict[Any, list[Item]] = {}
    for heading, view in (pair for entry in admin.menu() for pair in _reached(entry)):
        found.setdefault(heading, []).append(_item(view, path))
    return tuple(Group(str(heading.name) if heading.is_category() else "", tuple(items)) for heading, items in found.items())


def _reached(entry: Any) -> list[tuple[Any, Any]]:
    """Return the pages of an entry that can be reached, each with its heading; Flask-Admin leaves the others of a heading out itself."""
    if entry.is_category():
        return [(entry, view) for view in entry.get_children()]
    return [(entry, entry)] if entry.is_accessible() and entry.is_visible() else []


def _item(entry: Any, path: str) -> Item:
    url = entry.get_url()
    return Item(str(entry.name), url, entry.get_icon_value() or "layout-dashboard", path == url or (url != "/" and path.startswith(url)))
