"""Serves the theme's files and lets templates name them."""

from collections.abc import Iterable
from functools import lru_cache

from flask import Flask, Response, abort, request
from markupsafe import Markup

from bo_panel.web.theme.assets import Asset, Assets
from bo_panel.web.theme.sprite import UnknownIcon

FOR_EVER = "public, max-age=31536000, immutable"
ONE_DAY = "public, max-age=86400"

ICON = Markup('<svg class="{classes}" {voice} focusable="false"><use href="{address}"></use></svg>')
NAMED = Markup('role="img" aria-label="{label}"')
HIDDEN = Markup('aria-hidden="true"')


def register_assets(app: Flask, more_icons: Iterable[str] = ()) -> None:
    """Add `/assets/<version>/<name>` and `/favicon.ico`, and give templates `asset()` and `icon()`."""
    assets = Assets.build(more_icons)

    def serve_asset(version: str, name: str) -> Response:
        found = assets.files.get(name)
        if version != assets.version or found is None:
            abort(404)
        return _send(found, FOR_EVER)

    def serve_favicon() -> Response:
        return _send(assets.files["favicon.svg"], ONE_DAY)

    app.add_url_rule("/assets/<version>/<path:name>", "assets", serve_asset)
    app.add_url_rule("/favicon.ico", "favicon", serve_favicon)
    _add_template_globals(app, assets)


def _add_template_globals(app: Flask, assets: Assets) -> None:
    def asset(name: str) -> str:
        """Return the address of one of the theme's files."""
        return f"{request.script_root}/assets/{assets.version}/{name}"

    icons = f"/assets/{assets.version}/icons.svg#"

    def icon(name: str, cls: str = "", label: str | None = None) -> Markup:
        """Return the drawing of an icon; without a label it is hidden from screen readers."""
        if name not in assets.icons:
            raise UnknownIcon(name)
        return _draw(f"{request.script_root}{icons}{name}", cls, label)

    app.jinja_env.globals.update(asset=asset, icon=icon)


@lru_cache(maxsize=1024)
def _draw(address: str, cls: str, label: str | None) -> Markup:
    voice = NAMED.format(label=label) if label else HIDDEN
    return ICON.format(classes=f"icon {cls}".strip(), voice=voice, address=address)


def _send(found: Asset, cache: str) -> Response:
    response = Response(found.body, mimetype=found.mime_type)
    response.headers["Cache-Control"] = cache
    return response
