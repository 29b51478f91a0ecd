"""Adding, changing and removing a role that a unit owns, through its forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bo_panel.domain.access import at_or_below
from bo_panel.domain.errors import AboveOwnAccess, NotAllowed, NotFound, Refusal, StaleRole
from bo_panel.domain.identifiers import NAME_LIMIT
from bo_panel.queries.owned_roles import OwnedRole, owned_role
from bo_panel.queries.units import Place, place
from bo_panel.services.changes import CreateRole, EditRole, RemoveRole
from bo_panel.web.current import actor, me, panel, scope, session
from bo_panel.web.fields import Choice, Field, Problem, Section, notice_of
from bo_panel.web.roles.ladders import Ladders
from bo_panel.web.translating import gettext
from bo_panel.web.users.form import errors_of
from bo_panel.web.users.typed import LONGEST, number

NAMES = ("name", "kinds", "version")


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form."""

    name: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class RoleEditor:
    """The form of one role at its unit, for one request."""

    view: Any
    unit: Place
    role: OwnedRole | None = None

    def show(self) -> ResponseReturnValue:
        """Return the form as the role is, or empty for a new one."""
        return self._page(_as_stored(self.role) if self.role else Filled())

    def save(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Save what was filled in and return to the roles; on a refusal the form with everything still in it."""
        levels = self._ladders().typed(form, NAMES)
        name = form.get("name", "").replace("\x00", "")[:LONGEST]
        filled = Filled(name, levels, form.getlist("kinds"), number(form.get("version", "")))
        try:
            panel().engine.run_single(session(), actor(), self._change(filled))
        except NotFound:
            raise
        except StaleRole as stale:
            now = owned_role(session(), self.role.key) if self.role else None
            if now is None:
                raise NotFound from stale
            return self._page(replace(filled, version=now.version), stale)
        except Refusal as refusal:
            return self._page(filled, refusal)
        flash(gettext("%(name)s was saved.", name=name.strip()), "success")
        return redirect(self.view.get_url(".index_view"), 303)

    def ask(self, refusal: Refusal | None = None) -> ResponseReturnValue:
        """Return the page that asks before the role is removed."""
        role = self._existing()
        page = self.view.render(
            "layout/question.html",
            title=gettext("Remove %(role)s?", role=role.label),
            body=gettext("It is no longer on offer anywhere. A role that somebody holds stays."),
            back_url=self._url(".edit_view"),
            back_label=role.label,
            form_url=self._url(".remove_view"),
            yes=gettext("Yes, remove it"),
            version=str(role.version),
            refusal=notice_of(refusal),
        )
        return page, refusal.status if refusal else 200

    def remove(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Remove the role and return to the roles; on a refusal, the page that asks with what is in the way."""
        role = self._existing()
        try:
            panel().engine.run_single(session(), actor(), RemoveRole(role=role.key, expected_version=number(form.get("version", ""))))
        except NotFound:
            raise
        except Refusal as refusal:
            return self.ask(refusal)
        flash(gettext("%(name)s was removed.", name=role.label), "success")
        return redirect(self.view.get_url(".index_view"), 303)

    def _existing(self) -> OwnedRole:
        if self.role is None:
            raise NotFound
        return self.role

    def _change(self, filled: Filled) -> CreateRole | EditRole:
        kinds = tuple(filled.kinds)
        if self.role is None:
            return CreateRole(unit_id=self.unit.id, name=filled.name, levels=filled.levels, unit_kinds=kinds)
        return EditRole(role=self.role.key, name=filled.name, levels=filled.levels, unit_kinds=kinds, expected_version=filled.version)

    def _ladders(self) -> Ladders:
        return Ladders(panel().registry, self.unit.kind, me().access.at(self.unit.path))

    def _page(self, filled: Filled, refusal: Refusal | None = None) -> ResponseReturnValue:
        words, errors = panel().settings.words, errors_of(refusal)
        section = Section("role", words.role, gettext("On offer at its unit and beneath."), self._fields(filled, errors))
        problems = [Problem(f"#field-{name}", text, refusal.code if refusal else "") for name, text in errors.items()]
        page = self.view.render(
            "roles/form.html",
            title=self.role.label if self.role else gettext("Add a role"),
            back_url=self.view.get_url(".index_view"),
            back_label=words.roles,
            form_url=self._url(".edit_view") if self.role else f"{self.view.get_url('.create_view')}?unit={self.unit.id}",
            submit_label=words.update if self.role else words.save,
            sections=[section],
            kinds=self._kinds(filled),
            kinds_error=errors.get("kinds", ""),
            groups=self._ladders().groups(filled.levels),
            levels_error=errors.get("levels", ""),
            version=str(filled.version or ""),
            remove_url=self._url(".remove_view") if self.role else None,
            remove_label=gettext("Remove"),
            problems=problems,
            refusal=notice_of(refusal, told=bool(problems)),
            unsaved=refusal is not None,
        )
        return page, refusal.status if refusal else 200

    def _fields(self, filled: Filled, errors: Mapping[str, str]) -> list[Field]:
        error = errors.get("name", "")
        return [
            Field(name="name", label=gettext("Name"), value=filled.name, error=error, required=True, autocomplete="off", maxlength=NAME_LIMIT),
            Field(name="unit-shown", label=gettext("Belongs to"), kind="static", value=self.unit.name),
        ]

    def _kinds(self, filled: Filled) -> list[Choice]:
        registry = panel().registry
        there = {self.unit.kind, *registry.kinds_beneath(self.unit.kind)}
        kinds = [kind for kind in registry.kinds.values() if kind.key in there]
        return [Choice(kind.key, kind.label, chosen=kind.key in filled.kinds) for kind in kinds] if len(kinds) > 1 else []

    def _url(self, endpoint: str) -> str:
        return str(self.view.get_url(endpoint, key=self._existing().key))


def new_role(view: Any, unit: str) -> RoleEditor:
    """Return the editor for a new role at the unit that an address names; raise where the person asking adds none."""
    found = place(session(), number(unit)) if number(unit) else None
    if found is None or not scope("roles").covers(found.path):
        raise NotFound
    if not scope("roles", "edit").covers(found.path):
        raise NotAllowed(where=found.name)
    return RoleEditor(view, found)


def role_at(view: Any, key: str) -> RoleEditor:
    """Return the editor of the role that an address names; raise where it is not the person's to change."""
    role = owned_role(session(), key.replace("\x00", "")[:120])
    if role is None or not scope("roles").covers(role.owner.path):
        raise NotFound
    if not scope("roles", "edit").covers(role.owner.path):
        raise NotAllowed(where=role.owner.name)
    if not at_or_below(panel().registry.catalogue.vector(role.levels), me().access.at(role.owner.path)):
        raise AboveOwnAccess(role=role.label, unit=role.owner.name)
    return RoleEditor(view, role.owner, role)


def _as_stored(role: OwnedRole) -> Filled:
    return Filled(role.label, role.levels, role.unit_kinds, role.version)
