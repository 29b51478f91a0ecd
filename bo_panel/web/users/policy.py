"""The page of somebody's policy at one unit: a check box for each level of everything there is, and presets to start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from bo_panel.domain.access import MEMBER, TOGGLE, TYPE, at_or_below, highest
from bo_panel.domain.errors import NotAllowed, NotFound, Refusal, Stale
from bo_panel.domain.units import UnitPath
from bo_panel.queries.roles import RoleBook, role_book_for, roles_ending
from bo_panel.queries.units import Place, place
from bo_panel.services.changes import left_in, policy_changes, policy_of
from bo_panel.services.engine import Needs, only
from bo_panel.web.base import PanelPage
from bo_panel.web.current import actor, me, panel, scope, session
from bo_panel.web.fields import notice_of
from bo_panel.web.roles.ladders import Ladders
from bo_panel.web.translating import gettext
from bo_panel.web.users.desk import Desk, Found
from bo_panel.web.users.in_words import done_in
from bo_panel.web.users.page import subject_of
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.typed import number

NAMES = ("preset", "version")


class Start(NamedTuple):
    """A preset as it can be chosen: as much of it as the person asking may give."""

    key: str
    label: str
    levels: Mapping[str, str]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form."""

    levels: Mapping[str, str]
    preset: str
    version: int
    unsaved: bool = False


class PolicyView(PanelPage):
    """What somebody may do at one unit, level by level."""

    needs: ClassVar = {"index_view": Needs("users", "edit")}

    def __init__(self, name: str) -> None:
        """Register the page, which no menu leads to."""
        super().__init__(name, endpoint="policy", url="/users/policy")

    def is_visible(self) -> bool:
        """Return that the menu does not show it."""
        return False

    @expose("/", methods=("GET", "POST"))
    def index_view(self) -> ResponseReturnValue:
        """Return the policy of a user at a unit, filled in with a preset where one is asked for; or save what was ticked."""
        found = Desk(self, panel(), me(), session()).find(request.args.get("id", ""))
        editor = PolicyEditor(self, found, _unit(request.args.get("unit", "")))
        return editor.save(request.form) if request.method == "POST" else editor.show(request.args.get("preset", ""))


@dataclass(frozen=True)
class PolicyEditor:
    """The policy of one user at one unit, for one request."""

    view: Any
    found: Found
    unit: Place

    def show(self, preset: str) -> ResponseReturnValue:
        """Return the policy as it is, or with a preset in its place that nobody saved yet."""
        row = self.found.row
        start = next((start for start in self._starts("") if start.key == preset), None)
        if start is not None:
            return self._page(Filled(start.levels, start.key, row.version, unsaved=True))
        return self._page(Filled(self._levels_now(), self._preset_now(), row.version))

    def save(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Save what was ticked and return to the list; on a refusal the form with everything still in it."""
        row = self.found.row
        filled = Filled(self._ladders.typed(form, NAMES), form.get("preset", "")[:120], number(form.get("version", "")), unsaved=True)
        is_same = bool(self._left) and filled.levels == self._levels_now() and filled.preset == self._preset_now()
        policy = policy_of(panel().registry, filled.levels, filled.preset, self.unit.kind)
        changes = () if is_same else policy_changes(policy, self.unit, self._held, self._left)
        try:
            if filled.version != row.version:
                raise Stale
            result = panel().engine.run_together(session(), actor(), changes, only(row.id, filled.version)) if changes else None
        except NotFound:
            raise
        except Stale as stale:
            return self._page(replace(filled, version=row.version), stale)
        except Refusal as refusal:
            return self._page(filled, refusal)
        flash(gettext("%(name)s was saved.", name=full_name(row)), done_in(result.change_set_id if result else None))
        return redirect(self._list_url(), 303)

    @cached_property
    def _held(self) -> Sequence[str]:
        """The roles held at the very unit; being a member, user types and toggles stand beside a policy."""
        held = [grant.role_key for grant in self.found.held.grants if grant.unit_id == self.unit.id and grant.role_key != MEMBER]
        return [role for role in held if not role.startswith((TYPE, TOGGLE))]

    @cached_property
    def _book(self) -> RoleBook:
        return role_book_for(session(), panel().registry, frozenset(self._held))

    @cached_property
    def _ladders(self) -> Ladders:
        return Ladders(panel().registry, self.unit.kind, me().access.at(self.unit.path), closed=bool(self._closed))

    @cached_property
    def _closed(self) -> str:
        """Why nothing can be changed; '' where it can."""
        if self.found.row.id == me().id:
            return gettext("This is your own account. Ask another administrator to change what you may do.")
        own = me().access.at(self.unit.path)
        above = [role for role in self._held if not at_or_below(self._book.vector_of(role), own)]
        if above:
            return gettext("%(role)s gives more than you hold here. Ask somebody above you.", role=self._book.label(above[0]))
        return ""

    def _levels_now(self) -> Mapping[str, str]:
        """Return what all that is held at the unit gives together."""
        registry = panel().registry
        vector = highest((self._book.vector_of(role) for role in self._held), registry.nothing)
        rungs = zip(registry.catalogue.ladders, vector, strict=True)
        return {ladder.resource: ladder.levels[rung - 1] for ladder, rung in rungs if rung}

    @cached_property
    def _left(self) -> Mapping[str, str]:
        """What plugins that are gone left in what is held for good; what ends is not made to last."""
        if not left_in(self._book, self._held):
            return {}
        ending = roles_ending(session(), self.found.row.id, self.unit.id)
        return left_in(self._book, [role for role in self._held if role not in ending])

    def _preset_now(self) -> str:
        policy = self._book.policies.get(self._held[0]) if len(self._held) == 1 else None
        return policy.preset if policy else ""

    def _starts(self, chosen: str) -> list[Start]:
        presets = panel().registry.presets_for(self.unit.kind)
        return [Start(preset.key, preset.label, self._ladders.highest(preset.levels), preset.key == chosen) for preset in presets]

    def _list_url(self) -> str:
        whole = scope("users").covers(self.unit.path)
        return url_for("users.index_view", home=self.unit.id) if whole else url_for("users.index_view")

    def _page(self, filled: Filled, refusal: Refusal | None = None) -> ResponseReturnValue:
        row, words = self.found.row, panel().settings.words
        guest = not scope("users").covers(UnitPath(row.home_path))
        replaced = [self._book.label(role) for role in self._held if role not in self._book.policies]
        page = self.view.render(
            "users/policy.html",
            title=words.action_edit_policy,
            subject=subject_of(row, words, panel().clock.now(), guest=guest),
            unit=self.unit.name,
            unit_id=self.unit.id,
            back_url=self._list_url(),
            form_url=self.view.get_url(".index_view"),
            access_url=None if guest else url_for("access.index_view", id=row.id, unit=self.unit.id),
            groups=self._ladders.groups(filled.levels),
            starts=self._starts(filled.preset),
            state=policy_of(panel().registry, filled.levels, filled.preset, self.unit.kind).label,
            preset=filled.preset,
            version=filled.version,
            replaced=replaced,
            left=[f"{key}: {level}" for key, level in sorted(self._left.items())],
            closed=self._closed,
            refusal=notice_of(refusal),
            unsaved=filled.unsaved,
        )
        return page, refusal.status if refusal else 200


def _unit(text: str) -> Place:
    """Return the unit that an address names; raise where it has no policies, or the person asking may not look at, or change, those there."""
    found = place(session(), number(text)) if number(text) else None
    if found is None or not panel().registry.presets_for(found.kind) or not scope("users").covers(found.path):
        raise NotFound
    if not scope("users", "edit").covers(found.path):
        raise NotAllowed(where=found.name)
    return found
