"""The page of the roles: what each gives, where it is held, by how many, and whether the person asking may give it."""

from collections.abc import Mapping
from typing import ClassVar

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
from bo_panel.web.roles.matrix import Matrix
from bo_panel.web.translating import gettext


class RolesView(PanelView):
    """The roles in sight: those that are declared, and those that units own."""

    list_template = "roles/list.html"
    needs: ClassVar = {"index_view": Needs("roles", "view")}

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
        matrix = Matrix(book, given, _named(book, given), counted or Holders(), users_url)
        return self.render(
            self.list_template,
            page=Head(words.roles, gettext("What each role gives. A level includes those before it, and holds at a place and beneath.")),
            groups=matrix.groups(),
            resources=matrix.resources(),
            rows=matrix.rows(),
        )


def _named(book: RoleBook, given: Mapping[str, Giving]) -> Mapping[int, Place]:
    """Return the units that the page names, by id; one statement."""
    paths = [path for giving in given.values() for path in (*giving.places, *([giving.nearest] if giving.nearest else []))]
    seen = scope("users")
    owners = [role.owned_at for role in book.stored.values() if seen.covers(role.owned_at)]
    return places(session(), {path.ids[-1] for path in (*paths, *owners)})
