"""The values of an account's fields, checked and in the form that is stored."""

from collections.abc import Mapping
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from bo_panel.domain.accounts import LIMITS, AccountRules, identity_keys, tidied
from bo_panel.domain.errors import Invalid


def stored(values: Mapping[str, str | None], rules: AccountRules) -> dict[str, Any]:
    """Return the columns of `user` for these fields; raise Invalid, naming the field, for a value of the wrong form."""
    found = tidied(values, rules)
    if found.get("email"):
        found["email"] = _email(str(found["email"]))
    if found.get("phone"):
        found["phone"] = _phone(str(found["phone"]), rules.phone_region)
    columns: dict[str, Any] = {**found, **identity_keys(found)}
    if "email" in found:
        columns["email_deliverable"] = found["email"] is not None
    return columns


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as problem:
        raise Invalid("email", reason="Enter an e-mail address in the form name@example.com.") from problem


def _phone(text: str, region: str) -> str:
    hint = "Enter a telephone number with its country, for example +44 20 7946 0018."
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException as problem:
        raise Invalid("phone", reason=hint) from problem
    if not phonenumbers.is_possible_number(number):
        raise Invalid("phone", reason=hint)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if len(shown) > LIMITS["phone"]:
        raise Invalid("phone", reason=hint)
    return shown
