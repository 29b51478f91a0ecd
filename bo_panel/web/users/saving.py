"""From what was typed to the changes that the engine runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import Invalid, UnknownField, UnknownRole
from bo_panel.domain.passwords import generated
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.units import Place
from bo_panel.services.changes import CreateUser, EditUsers, GiveRole, Start, TakeRole
from bo_panel.services.engine import SetChange
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.places import as_stored, check_beneath, reached, unit_ids
from bo_panel.web.users.typed import Typed, account_values, main_role, unit_id


@dataclass(frozen=True, slots=True)
class Creation:
    """A new account, and the password that was made for it where nobody typed one."""

    change: CreateUser
    shown_once: str = ""


def creation(panel: Panel, typed: Typed, offer: RoleOffer, chosen: Mapping[int, Place]) -> Creation:
    """Return the change that creates what was typed; raise for what is missing or too weak, and for places elsewhere."""
    passwords = panel.settings.passwords
    home_id = unit_id(typed.home)
    role = _role(typed, offer)
    places = unit_ids(typed, offer, chosen)
    check_beneath(places, offer, chosen)
    password = typed.password if passwords.typed_by_admin else generated(passwords.generated_length)
    if passwords.typed_by_admin:
        panel.passwords.check(typed.password, tuple(typed.values.values()))
    start = Start(password_hash=panel.hasher.hash(password), must_change=passwords.change_at_first_sign_in)
    change = CreateUser(values=dict(typed.values), home_id=home_id, role=role, unit_ids=places, start=start)
    return Creation(change, "" if passwords.typed_by_admin else password)


def account_changes(typed: Typed, row: Any) -> list[SetChange]:
    """Return what brings the account's fields from what is stored to what was typed."""
    if typed.home not in ("", str(row.home_id)):
        raise UnknownField("home", name="home")
    if typed.password:
        raise UnknownField("password", name="password")
    stored = account_values(row)
    changed = {name: value for name, value in typed.values.items() if value.strip() != stored[name]}
    return [EditUsers(values=changed)] if changed else []


def access_changes(typed: Typed, user: tuple[Any, Sequence[HeldRole]], offer: RoleOffer, chosen: Mapping[int, Place]) -> list[SetChange]:
    """Return what brings the role that the form is about from where it is held to where it was typed; given before taken."""
    row, held = user
    old_role = main_role(held, row.home_id)
    if typed.role == old_role and _same_units(typed, as_stored(row, held, offer)):
        return []  # nothing of the access was touched, whatever has become of the role
    new_role = _role(typed, offer)
    mine = [grant for grant in held if grant.role_key == old_role and (old_role != new_role or reached(grant, offer))]
    old_units = frozenset(grant.unit_id for grant in mine)
    if old_role == new_role and not offer.kinds(new_role):
        return []  # held at home, and perhaps elsewhere, where this form does not reach
    new_units = unit_ids(typed, offer, chosen)
    check_beneath(new_units - old_units, offer, chosen)
    kept = new_units if old_role == new_role else frozenset()
    changes: list[SetChange] = []
    if new_units - (old_units & kept):
        changes.append(GiveRole(role=new_role, unit_ids=new_units - (old_units & kept)))
    if old_role and old_units - kept:
        changes.append(TakeRole(role=old_role, unit_ids=old_units - kept))
    return changes


def _same_units(typed: Typed, stored: Typed) -> bool:
    return all(set(texts) == set(stored.units.get(kind, ())) for kind, texts in typed.units.items())


def _role(typed: Typed, offer: RoleOffer) -> str:
    if not typed.role:
        raise Invalid("role", reason="Choose a role.")
    if typed.role not in offer.offered():
        raise UnknownRole("role")
    return typed.role
