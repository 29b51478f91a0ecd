"""What is measured: the pages of the list of users, as people ask for them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from bo_panel.domain.pages import Order

BY_NAME = Order("name")


@dataclass(frozen=True, slots=True)
class Beneath:
    """A home that the list is narrowed to."""

    unit_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Work:
    """One page of the list: what it is narrowed to, its order, and where it starts."""

    title: str
    order: Order = BY_NAME
    deep: bool = False
    last: bool = False
    search: str = ""
    status: str = ""
    beneath: Beneath | None = None

    def address(self, place: Any | None) -> str:
        """Return the address at which bo_panel shows this page; `place` is where a deep page starts."""
        pairs: list[tuple[str, Any]] = [("search", self.search)] if self.search else []
        pairs += [("status", self.status)] if self.status else []
        pairs += [("home", self.beneath.unit_id)] if self.beneath else []
        if self.order != BY_NAME:
            pairs.append(("sort", f"-{self.order.key}" if self.order.descending else self.order.key))
        pairs += [("after", place.text())] if place else []
        pairs += [("last", "1")] if self.last else []
        return f"/users/?{urlencode(pairs)}" if pairs else "/users/"


def works(few: str, many: str, beneath: Beneath | None) -> Iterator[Work]:
    """Yield all pieces of work; `few` and `many` are texts that few and many users have."""
    seen = Order("last_sign_in", descending=True)
    yield Work("first page")
    yield Work("deep page", deep=True)
    yield Work("last page", last=True)
    yield Work("by last sign-in", order=seen)
    yield Work("by last sign-in, deep", order=seen, deep=True)
    yield Work("by user name", order=Order("user_name"))
    yield Work("search, few hits", search=few)
    yield Work("search, many hits", search=many)
    status = Work("status", status="disabled")
    yield status if beneath is None else replace(status, title="status + home", beneath=beneath)
