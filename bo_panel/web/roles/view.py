"""The page of the roles: what each gives, where it is held, by how many, and whether the person asking may give it."""

from collections.abc import Mapping
from typing import ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.models import Role
from bo_panel.queries.giving import Giver, Giving
from bo_panel.queries.holders import Holders, holders
from bo_panel.queries.roles import RoleBook, roles_near
from bo_panel.queries.units import Place, places
from bo_panel.services.changes import GiveRole
from bo_panel.services.engine import Needs
from bo_panel.web.base import PanelView
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.grid import Head
from bo_panel.web.roles.editor import new_role, role_at
from bo_panel.web.roles.matrix import Matrix
from bo_panel.web.translating import gettext


class RolesView(PanelView):
    """The roles in sight: those that are declared, and those that units own."""

    list_template = "roles/list.html"
    needs: ClassVar = {
        "index_view": Needs("roles", "view"),
        "create_view": Needs("roles", "edit"),
        "edit_view": Needs("roles", "edit"),
        "remove_view": Needs("roles", "edit"),
    }

    def __init__(self, name: str, category: str) -> None:
        """Register the page under the deployment's words."""
        super().__init__(Role, name, category=category, endpoint="roles", url="/roles", menu_icon_value="shield")

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return the ladder of every role."""
        registry, words = panel().registry, panel().settings.words
        book = roles_near(session(), registry, scope("roles").paths)
        giver = Giver(me().access, me().access.reach(*GiveRole.requires))
        given = {key: giver.giving(book, key) for key in (*registry.roles, *book.stored)}
        may_count = me().access.anywhere("users", "view")
        counted = holders(session(), scope("users"), panel().clock.now()) if may_count else None
        users_url = f"{self.get_url('users.index_view')}?role=" if may_count else ""
        edit_url = f"{self.get_url('.edit_view')}?key="
        matrix = Matrix(book, given, _named(book, given), counted or Holders(), users_url, edit_url, me().access)
        return self.render(
            self.list_template,
            page=self._head(words.roles),
            groups=matrix.groups(),
            resources=matrix.resources(),
            rows=matrix.rows(),
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Return the form for a role of a unit, or add what was filled in."""
        editor = new_role(self, request.args.get("unit", ""))
        return editor.save(request.form) if request.method == "POST" else editor.show()

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Return the form of a role that a unit owns, or save what was filled in."""
        editor = role_at(self, request.args.get("key", ""))
        return editor.save(request.form) if request.method == "POST" else editor.show()

    @expose("/remove/", methods=("GET", "POST"))
    def remove_view(self) -> ResponseReturnValue:
        """Return the page that asks before a role is removed, or remove it."""
        editor = role_at(self, request.args.get("key", ""))
        return editor.remove(request.form) if request.method == "POST" else editor.ask()

    def _head(self, title: str) -> Head:
        """Return the head of the page; a role is added at the topmost unit where that may be done, others lead there from their own pages."""
        subtitle = gettext("What each role gives. A level includes those before it, and holds at a place and beneath.")
        topmost = scope("roles", "edit").paths
        add = (gettext("Add a role"), f"{self.get_url('.create_view')}?unit={topmost[0].ids[-1]}") if topmost else (None, None)
        return Head(title, subtitle, *add, add_icon="plus")


def _named(book: RoleBook, given: Mapping[str, Giving]) -> Mapping[int, Place]:
    """Return the units that the page names, by id; one statement."""
    paths = [path for giving in given.values() for path in (*giving.places, *([giving.nearest] if giving.nearest else []))]
    seen = scope("users")
    owners = [role.owned_at for role in book.stored.values() if seen.covers(role.owned_at)]
    return places(session(), {path.ids[-1] for path in (*paths, *owners)})
