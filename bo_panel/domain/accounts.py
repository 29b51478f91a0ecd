"""The fields of an account: which there are, how long, and what is stored beside them for finding and sorting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bo_panel.domain.errors import Invalid, UnknownField
from bo_panel.domain.identifiers import EMAIL_LIMIT, NAME_LIMIT, SORT_LIMIT, USER_NAME_LIMIT, key, search_document, sort_name, tidy

LIMITS = {"user_name": USER_NAME_LIMIT, "email": EMAIL_LIMIT, "first_name": NAME_LIMIT, "last_name": NAME_LIMIT, "phone": 40}
OPTIONAL = frozenset({"email", "phone"})
"""Fields that may be empty, and are stored as null then."""
KEY_LIMITS = {"user_name": SORT_LIMIT, "email": EMAIL_LIMIT}
"""How long the comparable form of what somebody signs in with may be; one letter can fold to many."""


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What a deployment asks of every account; `phone_region` is an ISO code for numbers typed without a country."""

    email_required: bool = False
    phone_region: str = ""
    home_kinds: tuple[str, ...] = ()
    """The unit kinds where an account may be at home; empty: any."""
    founder_protected: bool = False
    """Whether whoever signed a unit up stays, as long as the account has the e-mail address of that day."""


def tidied(values: Mapping[str, str | None], rules: AccountRules) -> dict[str, str | None]:
    """Return the values without stray spaces, empty ones as None or ''; raise Invalid for one that is missing or too long."""
    found: dict[str, str | None] = {}
    for name, value in values.items():
        if name not in LIMITS:
            raise UnknownField(name=name)
        text = tidy(value or "")
        _check(name, text, rules)
        found[name] = text or (None if name in OPTIONAL else "")
    return found


def identity_keys(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the comparable forms of the user name and the e-mail among the values, by column; raise Invalid for one that is of no use."""
    return {f"{name}_key": _key(name, value) if value else None for name, value in values.items() if name in KEY_LIMITS}


def name_key(values: Mapping[str, str | None]) -> str:
    """Return what the list of users is sorted by."""
    return sort_name(values.get("first_name") or "", values.get("last_name") or "")


def document_of(values: Mapping[str, str | None], more: Iterable[str] = ()) -> str:
    """Return the searchable text of an account; `more` is what of its profile can be found."""
    return search_document(*(values.get(name) for name in ("first_name", "last_name", "user_name", "email", "phone")), *more)


def _check(name: str, text: str, rules: AccountRules) -> None:
    if not text and name == "user_name":
        raise Invalid(name, reason="Enter a user name.")
    if not text and name == "email" and rules.email_required:
        raise Invalid(name, reason="Enter an e-mail address.")
    if len(text) > LIMITS[name]:
        raise Invalid(name, reason=f"Use at most {LIMITS[name]} characters; these are {len(text)}.")


def _key(name: str, value: str) -> str:
    comparable = key(value)
    if not comparable:
        raise Invalid(name, reason="Use letters or digits that can be seen.")
    if len(comparable) > KEY_LIMITS[name]:
        raise Invalid(name, reason="This is too long once its special letters are written out. Use plain letters.")
    return comparable
