"""The base of every page: who may reach which endpoint is said once, and what is not said is refused."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from flask_admin.contrib.sqla import ModelView
from flask_babel import ngettext

from bo_panel.domain.errors import NotAllowed
from bo_panel.models import Base
from bo_panel.services.engine import Needs
from bo_panel.web.addresses import address_of
from bo_panel.web.current import db, me, visitor
from bo_panel.web.slots.drawing import drawn_without
from bo_panel.web.translating import gettext, translator

ANYBODY = None
"""For endpoints that ask for nothing but being signed in."""


class Guarded(BaseView):
    """Refuses every endpoint that it does not name, and those whose level the person asking holds nowhere."""

    needs: ClassVar[Mapping[str, Needs | None]] = {}

    def _handle_view(self, name: str, **kwargs: Any) -> ResponseReturnValue | None:
        if name not in self.needs:
            abort(404)
        needed = self.needs[name]
        if needed is not ANYBODY and not me().access.anywhere(*needed):
            raise NotAllowed(where=gettext("this place"))
        return None

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """Call the view once; Flask-Admin would call it again, differently, after any TypeError."""
        return fn(self, *args, **kwargs)

    def render(self, template: str, **values: Any) -> str:
        """Return the page drawn; its sentences come from the panel's catalogue, and not from Flask-Admin's."""
        self._template_args.update(_gettext=translator(), _ngettext=ngettext)
        draw = super().render
        try:
            page = str(draw(template, **values))
            page.encode()  # half a character fails here, where the page can be drawn without it
            return page
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return str(drawn_without(template, draw, values, error))

    def get_url(self, endpoint: str, **values: Any) -> str:
        """Return the address of an endpoint, one of this view's own if it begins with a dot."""
        if values:
            return str(super().get_url(endpoint, **values))
        return address_of(f"{self.endpoint}{endpoint}" if endpoint.startswith(".") else endpoint, request.script_root)

    def is_accessible(self) -> bool:
        """Return whether the menu offers this page to the person asking."""
        found = visitor()
        needed = self.needs.get(self._default_view)
        return found is not None and (needed is ANYBODY or found.access.anywhere(*needed))

    def create_blueprint(self, admin: Any) -> Any:
        """Return the blueprint; with a path set, Flask-Admin does not serve its own static files, of which nothing is used."""
        self.static_url_path = "/unused"
        return super().create_blueprint(admin)


class PanelPage(Guarded):
    """A page that is no list of rows."""


class PanelView(Guarded, ModelView):
    """A page over a model's rows: the only subclass of Flask-Admin's ModelView.

    It keeps Flask-Admin's registration, addresses and menu. Reading goes through `queries`, writing through the change engine;
    none of Flask-Admin's own ways to a row is reachable, because only endpoints named in `needs` answer.
    """

    list_template: ClassVar[str]

    def __init__(self, model: type[Base], name: str, **options: Any) -> None:
        """Register the page for a model under a name; `options` are Flask-Admin's: category, endpoint, url, icon."""
        super().__init__(model, db, name=name, menu_icon_type="icon", **options)

    def _refresh_cache(self) -> None:
        """Leave out what Flask-Admin derives from the model's columns: the pages are made of declarations instead."""
        self._list_columns: list[tuple[str, str]] = []

    def get_query(self) -> Any:
        """Refuse: there is no way to rows past `queries`."""
        raise RuntimeError("rows are read through bo_panel.queries")

    get_count_query = get_one = create_model = update_model = delete_model = get_query
