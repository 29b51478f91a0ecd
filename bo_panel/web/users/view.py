"""The pages of the users: list, form, actions."""

from typing import ClassVar

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from bo_panel.models import User
from bo_panel.services.engine import Needs
from bo_panel.web.addresses import local
from bo_panel.web.base import PanelView
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.grid import Head
from bo_panel.web.users.actions import actions_of
from bo_panel.web.users.asking import ask, left_alone, run
from bo_panel.web.users.desk import Desk
from bo_panel.web.users.drawing import drawn_rows
from bo_panel.web.users.editor import Editor
from bo_panel.web.users.listing import frame_of
from bo_panel.web.users.lookups import roles_on_offer, states_in, units_found
from bo_panel.web.users.matching import choices_in_sight, link_to_everybody
from bo_panel.web.users.pictures import shown_picture
from bo_panel.web.users.reading import read_page
from bo_panel.web.users.several import SeveralEditor
from bo_panel.web.users.typed import number
from bo_panel.web.users.wishes import Choices


class UsersView(PanelView):
    """The users that the person asking can see."""

    list_template = "users/list.html"
    needs: ClassVar = {
        "index_view": Needs("users", "view"),
        "create_view": Needs("users", "create"),
        "edit_view": Needs("users", "edit"),
        "action_view": Needs("users", "edit"),
        "refused_view": Needs("users", "edit"),
        "several_view": Needs("users", "edit"),
        "ajax_lookup": Needs("users", "edit"),
        "roles_lookup": Needs("users", "create"),
        "states_lookup": Needs("users", "edit"),
        "picture_view": Needs("users", "view"),
    }

    def __init__(self, name: str, category: str) -> None:
        """Register the page under the deployment's words."""
        super().__init__(User, name, category=category, endpoint="users", url="/users", menu_icon_value="users")

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return a page of the list."""
        words = panel().settings.words
        found, state, page = read_page(self.get_url(".index_view"), choices_in_sight())
        if state.lost:
            flash(gettext("That place in the list can no longer be found, so this is its first page."), "info")
        if state.step.skip and not page.rows:  # a number far beyond the end
            return redirect(state.last_url, 303)
        return self.render(
            self.list_template,
            page=self._head(found),
            rows=drawn_rows(page, state, found, self._edit_url()),
            here=_here(),
            actions=actions_of(self._edit_url()),
            action_url=self.get_url(".action_view"),
            row_click=panel().settings.users.row_click,
            everybody=link_to_everybody(self.get_url("everybody.index_view"), state, page),
            **frame_of(state, page, words, found, pane=panel().settings.users.search_pane),
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Return the empty form, or create what was typed and return to the list."""
        editor = Editor(self._desk())
        return editor.create(request.form) if request.method == "POST" else editor.blank(request.args.get("home", ""))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Return the form of one user, or save what was typed and return to the list."""
        editor = Editor(self._desk())
        found = editor.desk.find(request.args.get("id", ""))
        return editor.save(found, request.form, request.files) if request.method == "POST" else editor.show(found)

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Run an action on the users named, after asking; return to where it was started."""
        back = local(request.form.get("next", ""), self.get_url(".index_view"))
        if request.form.get("action") == "edit":
            return self._edit(request.form.getlist("ids"))
        return run(request.form, back) if request.form.get("confirmed") == "1" else ask(self, request.form, back)

    @expose("/refused/", methods=("POST",))
    def refused_view(self) -> ResponseReturnValue:
        """Return the file of those of the users named whom an action would leave alone."""
        return left_alone(request.form)

    @expose("/several/", methods=("POST",))
    def several_view(self) -> ResponseReturnValue:
        """Save what was typed for several users at once, for all of them or for none, and return to the list."""
        versions = number(request.form.get("version", ""))
        return SeveralEditor(self._desk(), request.form.getlist("ids"), versions).save(request.form)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """Return the units of a kind that a text finds: beneath a home, inside another unit, where the person asking administers users."""
        return jsonify(units_found(self._desk(), request.args))

    @expose("/roles/")
    def roles_lookup(self) -> ResponseReturnValue:
        """Return the roles on offer for an account at a home."""
        return jsonify(roles_on_offer(self._desk(), request.args.get("home", "")))

    @expose("/states/")
    def states_lookup(self) -> ResponseReturnValue:
        """Return the states of a country."""
        return jsonify(states=states_in(request.args.get("country", "")))

    @expose("/picture/")
    def picture_view(self) -> ResponseReturnValue:
        """Return a picture of the profile of a user."""
        return shown_picture(self._desk())

    def _desk(self) -> Desk:
        return Desk(self, panel(), me(), session())

    def _edit(self, ids: list[str]) -> ResponseReturnValue:
        if len(set(ids)) == 1:
            return redirect(self._edit_url().replace("{id}", str(number(ids[0]))), 303)
        return SeveralEditor(self._desk(), ids).blank()

    def _head(self, found: Choices) -> Head:
        words = panel().settings.words
        may_add = any(scope("users", "create").covers(place.path) for place in found.seen)
        add = (words.add_user, self.get_url(".create_view")) if may_add else (None, None)
        return Head(words.users, words.users_subtitle, *add)

    def _edit_url(self) -> str:
        return f"{self.get_url('.edit_view')}?id={{id}}"


def _here() -> str:
    return request.full_path if request.query_string else request.path
