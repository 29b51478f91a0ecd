"""The values of fields, checked and in the form that is stored."""

from collections.abc import Mapping
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from bo_panel.domain.accounts import LIMITS, AccountRules, identity_keys, tidied
from bo_panel.domain.errors import Invalid, Together
from bo_panel.domain.identifiers import NAME_LIMIT, tidy


def stored(values: Mapping[str, str | None], rules: AccountRules) -> dict[str, Any]:
    """Return the columns of `user` for these fields; raise Invalid, naming the field, for a value of the wrong form, and for all of those at once."""
    columns: dict[str, Any] = {}
    wrong = Together()
    for name, value in values.items():
        with wrong.noting():
            columns |= _stored(name, value, rules)
    wrong.check()
    return columns


def _stored(name: str, value: str | None, rules: AccountRules) -> dict[str, Any]:
    found = tidied({name: value}, rules)
    text = found[name]
    if name == "email" and text:
        found[name] = email_of(text)
    if name == "phone" and text:
        found[name] = phone_of(text, rules.phone_region)
    return {**found, **identity_keys(found), **({"email_deliverable": text is not None} if name == "email" else {})}


def named(text: str) -> str:
    """Return the name of a unit or a role as it is stored; raise Invalid, about the field `name`, for none and for one too long."""
    name = tidy(text)
    if not name:
        raise Invalid("name", reason="Enter a name.")
    if len(name) > NAME_LIMIT:
        raise Invalid("name", reason=f"Use at most {NAME_LIMIT} characters; these are {len(name)}.")
    return name


def email_of(text: str, field: str = "email") -> str:
    """Return an e-mail address in the form that is stored; raise Invalid, about the field, for what is none."""
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as problem:
        raise Invalid(field, reason="Enter an e-mail address in the form name@example.com.") from problem


def phone_of(text: str, region: str, field: str = "phone") -> str:
    """Return a telephone number with its country; raise Invalid, about the field, for what is none."""
    hint = "Enter a telephone number with its country, for example +44 20 7946 0018."
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException as problem:
        raise Invalid(field, reason=hint) from problem
    if not phonenumbers.is_possible_number(number):
        raise Invalid(field, reason=hint)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if len(shown) > LIMITS["phone"]:
        raise Invalid(field, reason=hint)
    return shown
