"""The form of a user: its fields, filled with what is stored or with what was typed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bo_panel.domain.errors import Refusal
from bo_panel.domain.profile_fields import ProfileField
from bo_panel.hooks.registry import Registry
from bo_panel.queries.units import Place
from bo_panel.settings import Settings
from bo_panel.web.fields import Choice, Field, Section
from bo_panel.web.translating import gettext, language
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.picker import picker_field
from bo_panel.web.users.profile import ProfilePart
from bo_panel.web.users.role_set import RoleSet
from bo_panel.web.users.rows import GUEST_COLUMNS
from bo_panel.web.users.toggles import switches_fields, toggles_field, toggles_shown
from bo_panel.web.users.typed import Typed

KINDS = {"email": "email", "phone": "tel"}
FEW = 50
"""Up to so many homes a select is offered; beyond, a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the form's fields ask for more."""

    units: str
    roles: str
    states: str
    pictures: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserForm:
    """Everything the form is drawn from."""

    settings: Settings
    registry: Registry
    typed: Typed
    addresses: Addresses
    offer: RoleOffer | None = None
    role_set: RoleSet | None = None
    """The roles, in a form that gives several."""
    homes: Sequence[Place] = ()
    chosen: Mapping[int, Place] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    subject: Any | None = None
    guest: bool = False
    """Whether the account is at home where the person asking may not look, and so shows its names only."""
    edits_account: bool = True
    edits_access: bool = True
    role_label: str = ""
    unchanged: str = ""
    """What an untouched field says in a form for several users; '' in one for a single user."""
    emptied: Collection[str] = ()
    """The fields whose picture is to be taken away."""
    profile: Sequence[ProfileField] = ()
    filled_in: Sequence[ProfileField] = ()
    """Those of the profile that the person asking fills in; the others he only sees."""

    @property
    def units_url(self) -> str:
        """Where units are looked up."""
        return self.addresses.units

    def shared(self, names: Sequence[str]) -> list[Section]:
        """Return the parts of a form for several users: these fields, those of the profile, and the access."""
        alike, instead = gettext("The same for all of them."), gettext("What is chosen here takes the place of what they hold now.")
        fields = [self._text(name) for name in names]
        profile = ProfilePart(self.typed.profile, self.errors, self.addresses.states).fields(self.profile, self.profile)
        switchable = self.offer.toggles if self.offer else {}
        switches = switches_fields(self.registry, switchable, self.typed.switches, self.unchanged)
        found = (
            Section("person", gettext("Person"), alike, fields),
            Section("profile", gettext("Profile"), alike, [field.shared(self.unchanged) for field in profile]),
            Section("access", gettext("Access"), instead, [*self._access(), *switches]),
        )
        return [section for section in found if section.fields]

    def sections(self) -> list[Section]:
        """Return the form's parts in the order in which they are filled in."""
        person = [self._text(name) for name in ("first_name", "last_name", "email", "phone") if name in GUEST_COLUMNS or not self.guest]
        part = ProfilePart(self.typed.profile, self.errors, self.addresses.states, self.addresses.pictures, self.emptied)
        profile = part.fields(self.profile, self.filled_in)
        access = self._access()
        heads = zip(_heads(language(), any(field.kind == "units" for field in access)), (self._account(), person, profile, access), strict=True)
        return [Section(*head, fields) for head, fields in heads if fields]

    def _account(self) -> list[Field]:
        fields = [*([] if self.guest else [self._home()]), self._text("user_name")]
        if self.subject is None:
            fields.append(self._password())
        return fields

    def _access(self) -> list[Field]:
        if self.unchanged and self.offer is None:
            return [self._role()]
        role = self._roles() if self.settings.users.access == "roles" else self._role()
        places = [picker_field(self, kind) for kind in (self.offer.pickers if self.offer else self.typed.units)]
        return [role, *places, *self._toggles()]

    def _toggles(self) -> list[Field]:
        switchable = self.offer.toggles if self.offer else dict.fromkeys(self.registry.toggles, True)
        if not switchable or self.unchanged:
            return []
        on = self.typed.toggles or frozenset()
        if not self.edits_access:
            return [toggles_shown(self.registry, on)]
        return [toggles_field(self.registry, switchable, on, self.errors.get("toggles", ""))]

    def _home(self) -> Field:
        label = self.settings.words.home
        if self.subject is not None:
            return Field(name="home", label=label, kind="static", value=self.subject.home_name)
        common = {"name": "home", "label": label, "required": True, "error": self.errors.get("home", "")}
        if len(self.homes) > FEW:
            chosen = tuple(Choice(id=str(place.id), label=place.name) for place in self.homes if str(place.id) == self.typed.home)
            return Field(kind="unit", lookup_url=self.addresses.units, unit_kind="home", chosen=chosen, **common)
        options = [Choice(value=str(place.id), label=place.name, chosen=str(place.id) == self.typed.home) for place in self.homes]
        blank = [Choice(label=gettext("Choose…"))] if len(options) != 1 else []
        return Field(kind="select", options=(*blank, *options), **common)

    def _text(self, name: str) -> Field:
        value = self.typed.values.get(name, "")
        label = self.settings.words[name]
        if not self.edits_account:
            return Field(name=name, label=label, kind="static", value=value)
        required = name == "user_name" or (name == "email" and self.settings.users.email_required)
        return Field(
            name=name,
            label=label,
            kind=KINDS.get(name, "text"),
            value=value,
            error=self.errors.get(name, ""),
            required=required,
            optional=not required,
            hint=self.unchanged and gettext("Leave it empty to keep what each of them has."),
            autocomplete="off",
        )

    def _password(self) -> Field:
        label = self.settings.words.password
        hint = gettext("Generated for you. Change it if you like, and hand it over; it has to be changed at the first sign-in.")
        if not self.settings.passwords.typed_by_admin:
            return Field(name="password", label=label, kind="static", value=gettext("A password is generated when you save, and shown once."))
        error = self.errors.get("password", "")
        return Field(
            name="password", label=label, kind="generated_password", value=self.typed.password, hint=hint, error=error, required=True, maxlength=256
        )

    def _roles(self) -> Field:
        label = self.settings.words.role
        if not self.edits_access:
            return Field(name="roles", label=label, kind="static", value=self.role_label or gettext("None"))
        return Field(
            name="roles",
            label=label,
            kind="roles",
            options=self.role_set.options(self.typed) if self.role_set else (),
            error=self.errors.get("roles", "") or self.errors.get("role", ""),
            hint=gettext("The places chosen hold for all of these that are held at such places."),
            required=not self.unchanged,
            optional=bool(self.unchanged),
            depends="home",
            options_url=self.addresses.roles,
        )

    def _role(self) -> Field:
        label = self.settings.words.role
        if not self.edits_access:
            return Field(name="role", label=label, kind="static", value=self.role_label or gettext("None"))
        offered = list(self.offer.choices) if self.offer else []
        options = [choice.picked if choice.value == self.typed.role else choice for choice in offered]
        if self.subject is not None and self.typed.role and not any(option.chosen for option in options):
            kinds, whole = (self.offer.kinds(self.typed.role), self.offer.whole(self.typed.role)) if self.offer else ((), ())
            label_now = self.role_label or self.typed.role
            options.insert(0, Choice(self.typed.role, label_now, kinds=" ".join(kinds), whole=" ".join(whole), chosen=True))
        blank = Choice(label=self.unchanged or gettext("Choose…"))
        return Field(
            name="role",
            label=label,
            kind="select",
            options=(blank, *options),
            error=self.errors.get("role", ""),
            required=not self.unchanged,
            optional=bool(self.unchanged),
            depends="home",
            options_url=self.addresses.roles,
        )


@lru_cache(maxsize=100)
def _heads(_language: str, somewhere: bool) -> Sequence[tuple[str, str, str]]:
    """Return the key, the title and the explanation of each part; `somewhere` says that places are chosen for what is given."""
    what = gettext("What they may do; it holds at the places chosen and beneath.") if somewhere else gettext("What they may do.")
    return (
        ("account", gettext("Account"), gettext("Where the account belongs, and what its owner signs in with.")),
        ("person", gettext("Person"), gettext("Who it is, and how to reach them.")),
        ("profile", gettext("Profile"), gettext("What else is kept about them.")),
        ("access", gettext("Access"), what),
    )


def errors_of(refusal: Refusal | None) -> Mapping[str, str]:
    """Return what was refused by the fields that it is about; nothing of what is about the whole form."""
    return {one.field: str(one) for one in reversed(refusal.all if refusal else ()) if one.field}
