"""What is around every page: words, who is signed in, and the menu."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
from flask_admin import Admin
from flask_babel import get_locale, ngettext

from bo_panel.web.current import db, panel, visitor
from bo_panel.web.translating import translator

THEMES = frozenset({"auto", "light", "dark"})
DENSITIES = frozenset({"cozy", "compact"})
NAVS = frozenset({"full", "rail"})


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

    def around() -> Mapping[str, Any]:
        found = visitor() if db.session.is_active else None
        locale, words = get_locale(), panel().settings.words
        return {
            "_gettext": translator(),
            "_ngettext": ngettext,
            "lang": str(locale or "en").replace("_", "-"),
            "dir": "rtl" if getattr(locale, "text_direction", "ltr") == "rtl" else "ltr",
            "ui_theme": _cookie("bo_theme", THEMES, "auto"),
            "ui_density": _cookie("bo_density", DENSITIES, "cozy"),
            "ui_nav": _cookie("bo_nav", NAVS, "full"),
            "product": words.product,
            "word": words,
            "place": found.signed_in.home_name if found else "",
            "me": found,
            "menu": _menu(admin) if found else (),
            **_addresses(request.script_root),
        }

    app.context_processor(around)


@lru_cache(maxsize=100)
def _addresses(_root: str) -> Mapping[str, str]:
    endpoints = {"account_url": "account.index", "sign_out_url": "sign_in.leave", "home_url": "admin.index"}
    endpoints |= {"jobs_url": "jobs.index_view", "tray_url": "jobs.tray_view"}
    return {name: url_for(endpoint) for name, endpoint in endpoints.items()}


def _cookie(name: str, known: frozenset[str], otherwise: str) -> str:
    value = request.cookies.get(name, otherwise)
    return value if value in known else otherwise


def _menu(admin: Admin) -> tuple[Group, ...]:
    groups: list[Group] = []
    for entry in admin.menu():
        entries = entry.get_children() if entry.is_category() else [entry]
        items = tuple(_item(view) for view in entries if view.is_accessible() and view.is_visible())
        if items:
            groups.append(Group(str(entry.name) if entry.is_category() else "", items))
    return tuple(groups)


def _item(entry: Any) -> Item:
    url = entry.get_url()
    current = request.path == url or (url != "/" and request.path.startswith(url))
    return Item(str(entry.name), url, entry.get_icon_value() or "layout-dashboard", current)
