"""From what was typed to the changes that the engine runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import MEMBER
from bo_panel.domain.errors import AboveOwnAccess, FieldTaken, Invalid, Refusal, Together, UnknownField, UnknownRole
from bo_panel.domain.passwords import generated
from bo_panel.domain.profile_fields import ProfileField
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.units import Place
from bo_panel.services.changes import CreateUser, EditUsers, GiveRole, Start, TakeRole
from bo_panel.services.engine import SetChange
from bo_panel.services.user_types import check_toggles
from bo_panel.web.current import panel
from bo_panel.web.translating import gettext
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.places import as_stored, check_beneath, reached, unit_ids
from bo_panel.web.users.typed import Typed, account_values, main_role, profile_values, unit_id


@dataclass(frozen=True, slots=True)
class Creation:
    """A new account, and the password that was made for it where nobody typed one."""

    change: CreateUser
    shown_once: str = ""


def placed(typed: Typed, offer: RoleOffer, chosen: Mapping[int, Place]) -> Mapping[str, frozenset[int]]:
    """Return the role that was chosen, with the units where it is to be held; raise for none, and for places elsewhere."""
    role = _role(typed, offer)
    places = unit_ids(typed, offer, chosen)
    check_beneath(places, offer, chosen)
    return {role: places}


def creation(panel: Panel, filled: tuple[Typed, RoleOffer], held: Mapping[str, frozenset[int]], wrong: Together) -> Creation:
    """Return the change that creates what was typed, holding these roles; what is too weak comes to what was `wrong` already."""
    passwords, (typed, offer) = panel.settings.passwords, filled
    (role, places), *further = held.items() or [(MEMBER, frozenset[int]())]
    password = typed.password if passwords.typed_by_admin else generated(passwords.generated_length)
    if passwords.typed_by_admin:
        with wrong.noting():
            panel.passwords.check(typed.password, tuple(typed.values.values()))
    toggles = frozenset[str]()
    with wrong.noting():
        toggles = _ticked(typed, offer)
    start = None if wrong.refusals else Start(password_hash=panel.hasher.hash(password), must_change=passwords.change_at_first_sign_in)
    access = {"role": role, "unit_ids": places, "also": dict(further), "toggles": toggles, "wrong": tuple(wrong.refusals)}
    change = CreateUser(values=dict(typed.values), home_id=unit_id(typed.home), start=start, profile=dict(typed.profile), **access)
    return Creation(change, "" if passwords.typed_by_admin else password)


def account_changes(typed: Typed, row: Any, fields: Sequence[ProfileField] = ()) -> list[SetChange]:
    """Return what brings the account's fields from what is stored to what was typed."""
    if typed.home not in ("", str(row.home_id)):
        raise UnknownField("home", name="home")
    if typed.password:
        raise UnknownField("password", name="password")
    stored = account_values(row)
    changed = {name: value for name, value in typed.values.items() if value.strip() != stored[name]}
    profile = profile_changes(typed, row, fields)
    return [EditUsers(values=changed, profile=profile)] if changed or profile else []


def at_field(refusal: Refusal, typed: Typed, row: Any, fields: Sequence[ProfileField]) -> Refusal:
    """Return a refusal about the field that it can only be about."""
    alone = [field.name for field in fields if field.unique and field.key in profile_changes(typed, row, fields)]
    return FieldTaken(alone[0]) if isinstance(refusal, FieldTaken) and len(alone) == 1 else refusal


def profile_changes(typed: Typed, row: Any, fields: Sequence[ProfileField]) -> dict[str, str]:
    """Return what was changed of the profile; a field goes with the one that it depends on."""
    stored = profile_values(row)
    changed = {key for key, value in typed.profile.items() if value.strip() != stored.get(key, "")}
    for field in fields:
        if field.depends_on and {field.key, field.depends_on} & changed:
            changed |= {field.key, field.depends_on}
    return {key: typed.profile.get(key, stored.get(key, "")) for key in sorted(changed)}


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
        raise Invalid("role", reason=gettext("Choose one for “%(role)s”.", role=panel().settings.words.role))
    if typed.role not in offer.offered():
        raise UnknownRole("role")
    return typed.role


def toggle_changes(typed: Typed, user: tuple[Any, Sequence[HeldRole]], offer: RoleOffer) -> list[SetChange]:
    """Return what switches the toggles from what is stored to what was ticked."""
    row, held = user
    on = as_stored(row, held, offer).toggles or frozenset()
    if typed.toggles is None:
        return []
    wanted = _ticked(typed, offer) | {toggle for toggle in on if not offer.toggles[toggle]}  # those are not his to switch, and were not sent
    if wanted == on and not typed.role:
        return []  # whoever has no type keeps what he has
    check_toggles(offer.roles.registry, typed.role, wanted)
    given: list[SetChange] = [GiveRole(role=toggle, unit_ids=frozenset({row.home_id})) for toggle in sorted(wanted - on)]
    return [*given, *(TakeRole(role=toggle, unit_ids=frozenset({row.home_id})) for toggle in sorted(on - wanted))]


def _ticked(typed: Typed, offer: RoleOffer) -> frozenset[str]:
    """Return the toggles that were ticked; raise for one that is not there."""
    wanted = typed.toggles or frozenset()
    if not wanted <= offer.toggles.keys():
        raise UnknownRole("toggles")
    for toggle in sorted(wanted):
        if not offer.toggles[toggle]:
            raise AboveOwnAccess("toggles", role=offer.roles.label(toggle), unit=offer.home.name)
    return wanted
