"""Odd things to send: addresses, search texts, places in a list, forged fields."""

import base64
import json
from typing import Any

from hypothesis import strategies as st

from tests.site import ADA, AMBER

ACCOUNTS = "units:service_provider.account"
USERS, NEW, EDIT, LOOKUP, ROLES, AUDIT = "/users/", "/users/new/", f"/users/edit/?id={ADA}", "/users/ajax/lookup/", "/users/roles/", "/audit/"
UNITS, UNIT, PARENTS, ACCESS = "/units/", f"/units/show/?id={AMBER}", f"/units/parents/?id={AMBER}", f"/users/access/?id={ADA}"
FORMS_OF_UNITS = tuple(f"/units/{form}/?id={AMBER}" for form in ("new", "edit", "move"))
PAGES_OF_PLACES = (UNITS, UNIT, *FORMS_OF_UNITS, PARENTS, "/roles/", ACCESS, "/users/access/places/")
JOBS, TRAY, EVERYBODY, LEFT_ALONE = "/jobs/", "/jobs/tray/", "/users/all/?action=disable", "/users/all/refused/?action=disable"
EXPORT = "/users/export/"
OF_JOBS = ("/jobs/show/", "/jobs/refused/", "/jobs/file/", "/changes/", "/changes/refused/")
OF_CHANGES = ("/jobs/undo/", "/jobs/undo/refused/")
PAGES_OF_JOBS = (JOBS, TRAY, *OF_JOBS, *OF_CHANGES, "/users/all/", EVERYBODY, LEFT_ALONE, EXPORT)
PAGES = ("/", USERS, NEW, EDIT, LOOKUP, ROLES, AUDIT, *PAGES_OF_PLACES, *PAGES_OF_JOBS, "/account/", "/account/password/", "/sign-in")
ROLE_FORMS = ("/roles/edit/", "/roles/remove/")
LISTS = (USERS, AUDIT, UNITS)
HUGE = (10**17, 2**31, 2**63, "9" * 5_000)
EVERYWHERE = (
    f"page=-1&page={10**20}&id=1,2&id=&id=-1",
    "endpoint=x&self=1&cls=1&fn=1&view=1&name=x",
    "_method=POST&_external=1&_scheme=ftp&_anchor=x",
    "unknown=1&unknown=2&%ff=%ff&&&===;;;",
    f"next={'x' * 3_000}&url=https://evil.example",
)
IDS = ("id=1,2", "id=", "id=-1", "id=1e3", "id=0x10", "id=%00", "id=١٢", "id[]=1", "x=1", *(f"id={number}" for number in HUGE))
OF_THE_LIST = (
    "size=-1&sort=password_hash&cols=password_hash",
    "size=1000000&sort=-&cols=",
    "status=deleted&role=%27%20OR%201=1&signed_in=x",
    "status='&home=%00&last=2",
    "search=%ff%fe",
    "after=&before=",
    *(f"home={number}&role={number}" for number in HUGE),
)
ODD = {
    USERS: OF_THE_LIST,
    "/users/all/": ("action=", "action=%00", "action=purge", "action=__class__", "action=disable&action=enable"),
    EVERYBODY: OF_THE_LIST,
    LEFT_ALONE: OF_THE_LIST,
    EXPORT: OF_THE_LIST,
    JOBS: ("size=-1&sort=state", "search=%ff%fe&last=1", "after=&before="),
    AUDIT: ("event=x&event=%00", "search=%ff%fe&last=2", "size=-1&sort=at", *(f"unit={number}" for number in (*HUGE, "%00", "-1"))),
    UNITS: ("size=-1&sort=path", "search=%ff%fe&last=1", "after=&before="),
    UNIT: ("after=zzz", "last=1", "before=%00"),
    PARENTS: ("q=%00%25_%27&q=x", "kind=%00&home=x"),
    ACCESS: ("unit=%00", *(f"unit={number}" for number in HUGE)),
    FORMS_OF_UNITS[0]: ("kind=%00", "kind=root", "kind=nonsense"),
    NEW: tuple(f"home={number}" for number in HUGE),
    LOOKUP: ("kind=%00", "kind=home&q=%00%25_%27&q=x", *(f"kind=service_provider.account&home={number}" for number in HUGE)),
    ROLES: ("home=%00", *(f"home={number}" for number in HUGE)),
}
SEARCHES = (
    '"',
    "''",
    "%",
    "_",
    "%%%",
    "\\",
    "a AND b",
    "NOT",
    "NEAR(a b)",
    "col:x",
    "a*",
    "^a",
    '"unclosed',
    "(",
    "-a",
    "a\x00b",
    "\x00",
    "😀",
    "👨‍👩‍👧‍👦",
    "李",
    "李小",
    "بدر",
    "ａｄａ",
    "ß",
    "\u202eada",
    "\ufeff",
    "a" * 10_000,
    "a b " * 3_000,
    "'; DROP TABLE user; --",
    "{{7*7}}",
    "%(x)s",
    "%s",
)


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


PLACES = (
    "zzz",
    "=",
    "====",
    "!",
    "é",
    "x" * 5_000,
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b"[" * 600).decode(),
    *map(
        packed,
        (
            None,
            [],
            {},
            "x",
            1,
            [1],
            [1, 2, 3],
            [None, 1],
            ["a", None],
            ["a", "1"],
            ["a", 1.5],
            ["a", True],
            [True, 1],
            [[], 1],
            [{}, 1],
            ["a", -1],
            ["a", 0],
            ["a", 2**62],
            ["a", 2**63],
            ["a", 2**64],
            ["\x00", 1],
            ["a\x00", 1],
            ["\ud800", 1],
            ["\udfff\ud800", 1],
            ["😀", 1],
            ["x" * 500, 1],
            [1, 1],
            [-1, 1],
            [2**63, 1],
            [2**70, 1],
            [1.5, 1],
            [1e308, 1],
            [-1e308, 1],
            [1e12, 1],
            [-1e12, 1],
            [float("nan"), 1],
            [float("inf"), 1],
            [float("-inf"), 1],
            ["2026-01-01", 1],
        ),
    ),
)

FORGED = (
    {"role": "member"},
    {"role": "nonsense"},
    {"role": "\x00"},
    {"home": "1"},
    {"home": "x"},
    {"home": str(2**63)},
    {"home": str(10**17)},
    {"status": "disabled"},
    {"id": "11"},
    {"home_id": "1"},
    {"access_version": "1"},
    {"is_active": "1"},
    {"profile": "{}"},
    {"units:grove.area": "2"},
    {ACCOUNTS: "x"},
    {ACCOUNTS: "9" * 5_000},
    {ACCOUNTS: str(2**63)},
    {ACCOUNTS: str(10**17)},
    {ACCOUNTS: [str(number) for number in range(1, 2_500)]},
    {"user_name": ""},
    {"user_name": "\x00"},
    {"user_name": "x" * 5_000},
    {"email": "not an address"},
    {"email": "a@b@c"},
    {"email": "x" * 300 + "@north.example"},
    {"phone": "call me"},
    {"first_name": "x" * 500},
)

FILTERS = (
    {"search": "\x00"},
    {"home": "9" * 5_000},
    {"home": "\x00"},
    {"role": "'"},
    {"status": "deleted"},
    {"signed_in": "x"},
    {"sort": "-"},
    {"page": "-1"},
)
NUMBERS = ("", "x", "-1", "0", "999", "1.5", "\x00", *map(str, HUGE))

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20))
