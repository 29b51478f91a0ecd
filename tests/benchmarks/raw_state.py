"""What stands around the rows of the raw program's list, worked out from the address by hand."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

STATUSES = (("active", "Active"), ("invited", "Invited"), ("disabled", "Disabled"), ("archived", "Archived"))
SIGNED_IN = (("never", "Never"), ("recently", "In the last 30 days"), ("long_ago", "More than 90 days ago"))
LABELS = {"status": "Status", "role": "User Role", "home": "Service Provider", "signed_in": "Last sign-in"}
HEADS = {
    "name": "Name",
    "user_name": "User Name",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "phone": "Phone",
    "home": "Service Provider",
    "role": "User Role",
    "status": "Status",
    "last_sign_in": "Last sign-in",
    "edit": "Account",
    "ticketing.days_away": "Days since last login",
    "id": "ID",
}
FIRST_SORTS = {"ticketing.days_away": "-ticketing.days_away", "name": "name", "user_name": "user_name", "last_sign_in": "-last_sign_in", "id": "-id"}
KEPT = ("search", "status", "role", "home", "signed_in", "sort", "size")


def state(args: Any, choices: Sequence[Any], columns: Sequence[str], rows: Sequence[Any], more: bool) -> Mapping[str, Any]:
    """Return everything around the rows: kept parameters, filters, heads, pages and count; `choices` are (what, key, label)."""
    keep = [(key, value) for key in KEPT for value in args.getlist(key)]
    offered = {
        "status": STATUSES,
        "role": [(row["key"], row["label"]) for row in choices if row["what"] == "role"],
        "home": [(row["key"], row["label"]) for row in choices if row["what"] == "home"],
        "signed_in": SIGNED_IN,
    }
    filters = {key: [{"value": value, "label": label, "chosen": value in args.getlist(key)} for value, label in found] for key, found in offered.items()}
    total = rows[0]["total"] if rows else 0
    return {
        "keep": keep,
        "search": args.get("search", ""),
        "filters": filters,
        "chips": [_chip(key, found, keep) for key, found in filters.items() if args.get(key)],
        "shown": ("name", *columns),
        "heads": [_head(key, args.get("sort", "name"), keep) for key in ("name", *columns)],
        "sizes": [{"label": size, "here": size == "50", "url": _url(keep, "size", size)} for size in ("25", "50", "100")],
        "count": f"{len(rows)} of {'1,000+' if total > 1000 else total} shown",
        "pages": _pages(args, keep, rows, more),
    }


def _chip(key: str, options: Sequence[Mapping[str, Any]], keep: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    said = " or ".join(option["label"] for option in options if option["chosen"])
    return {"key": key, "label": LABELS[key], "said": said, "url": _url([pair for pair in keep if pair[0] != key])}


def _head(key: str, sort: str, keep: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    if key not in FIRST_SORTS:
        return {"key": key, "label": HEADS[key]}
    if sort.lstrip("-") != key:
        return {"key": key, "label": HEADS[key], "url": _url(keep, "sort", FIRST_SORTS[key])}
    down = sort.startswith("-")
    return {"key": key, "label": HEADS[key], "url": _url(keep, "sort", key if down else f"-{key}"), "sort": "descending" if down else "ascending"}


def _pages(args: Any, keep: Sequence[tuple[str, str]], rows: Sequence[Any], more: bool) -> Mapping[str, str]:
    on, back = more or "before" in args, "after" in args or ("last" in args and more)
    first, last = (f"{row['v']},{row['id']}" for row in (rows[0], rows[-1])) if rows else ("", "")
    return {
        "first": _url(keep) if back else "",
        "previous": _url(keep, "before", first) if back else "",
        "next": _url(keep, "after", last) if on and "last" not in args else "",
        "last": _url(keep, "last", "1") if on and "last" not in args else "",
    }


def _url(keep: Sequence[tuple[str, str]], key: str = "", value: str = "") -> str:
    pairs = [pair for pair in keep if pair[0] != key] + ([(key, value)] if key else [])
    return f"/users/?{urlencode(pairs)}" if pairs else "/users/"
