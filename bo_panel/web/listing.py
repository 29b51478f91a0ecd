"""The state of a list as its address says it, and the addresses of its other states."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from bo_panel.domain.pages import LAST, Order, Place, Step

LONGEST_SEARCH = 200
LONGEST_PAGE = 9


@dataclass(frozen=True, slots=True)
class Rules:
    """What a list can be asked for: its filters with their values, its orders, sizes and columns; the first of each is the default."""

    filters: Mapping[str, Container[str]]
    orders: Sequence[Order]
    sizes: Sequence[int]
    size: int
    columns: Sequence[str] = ()
    shown: Sequence[str] = ()
    numbered: bool = False
    """Whether a page can be asked for by its number."""
    typed: Mapping[str, Callable[[Sequence[str]], tuple[str, ...]]] = field(default_factory=dict)
    """Filters by what is typed, each with what makes sense of its parameters, or nothing of them."""
    part: Sequence[tuple[str, str]] = ()
    """The parameters that name the part of the list that this is; none for the first, or where it has no parts."""


@dataclass(frozen=True, slots=True)
class State:
    """What a list was asked for; whatever an address got wrong is left out."""

    path: str
    rules: Rules
    search: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: Order = Order("id")
    size: int = 50
    columns: tuple[str, ...] = ()
    step: Step = Step()
    lost: bool = False
    """Whether the address named a place in the list that cannot be read."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that make up this state, without the place in the list; defaults are left out."""
        return self._pairs()

    def _pairs(self, *, filters: Mapping[str, tuple[str, ...]] | None = None, order: Order | None = None, size: int = 0) -> list[tuple[str, str]]:
        order, size = order or self.order, size or self.size
        pairs = [*self.rules.part, *([("search", self.search)] if self.search else [])]
        pairs += [(key, value) for key, values in (self.filters if filters is None else filters).items() for value in values]
        if order != self.rules.orders[0]:
            pairs.append(("sort", sort_text(order)))
        if self.columns != tuple(self.rules.shown):
            pairs += [("cols", column) for column in self.columns]
        if size != self.rules.size:
            pairs.append(("size", str(size)))
        return pairs

    def url(self, *, filters: Mapping[str, tuple[str, ...]] | None = None, order: Order | None = None, size: int = 0) -> str:
        """Return the address of this list with something changed, from its first page."""
        return _address(self.path, self._pairs(filters=filters, order=order, size=size))

    def page_url(self, step: Step) -> str:
        """Return the address of another page of this state."""
        key = "before" if step.backwards else "after"
        place = [(key, step.place.text())] if step.place else [("last", "1")] if step.backwards else []
        return _address(self.path, [*self.pairs, *place])

    @property
    def last_url(self) -> str:
        """The address of the last page of this state."""
        return self.page_url(LAST)

    def without(self, key: str) -> str:
        """Return the address of this list without one of its filters."""
        return self.url(filters={name: values for name, values in self.filters.items() if name != key})

    @property
    def reset_url(self) -> str | None:
        """The address of the list as it is by default, or None when this is it."""
        return self.plain_url if len(self.pairs) > len(self.rules.part) else None

    @property
    def plain_url(self) -> str:
        """The address of the list, or of this part of it, as it is by default."""
        return _address(self.path, self.rules.part)


def parse(path: str, rules: Rules, args: MultiDict[str, str]) -> State:
    """Return the state that an address asks for."""
    size = next((size for size in rules.sizes if str(size) == args.get("size")), rules.size)
    step, lost = _numbered(args, size) if rules.numbered and args.get("page") else _step(args)
    columns = tuple(column for column in rules.columns if column in args.getlist("cols"))
    return State(
        path=path,
        rules=rules,
        search=args.get("search", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        filters=_filters(rules, args),
        order=next((order for order in rules.orders if sort_text(order) == args.get("sort")), rules.orders[0]),
        size=size,
        columns=columns or tuple(rules.shown),
        step=step,
        lost=lost,
    )


def _filters(rules: Rules, args: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    asked = {key: tuple(value for value in dict.fromkeys(args.getlist(key)) if value in known) for key, known in rules.filters.items()}
    asked |= {key: meant(args.getlist(key)) for key, meant in rules.typed.items() if key in args}
    return {key: values for key, values in asked.items() if values}


def _numbered(args: MultiDict[str, str], size: int) -> tuple[Step, bool]:
    """Return the page with a number that was typed: the first for one too small, the last for one beyond all lists, lost for no number."""
    typed = args["page"].strip()
    digits = typed.removeprefix("-").lstrip("0")
    if not (digits or "0").isdecimal() or not digits.isascii():
        return Step(), True
    if typed.startswith("-") or not digits:
        return Step(), False
    return (LAST if len(digits) > LONGEST_PAGE else Step(skip=(int(digits) - 1) * size)), False


def _step(args: MultiDict[str, str]) -> tuple[Step, bool]:
    for key, backwards in (("after", False), ("before", True)):
        if args.get(key):
            place = Place.parse(args[key])
            return (Step(), True) if place is None else (Step(place, backwards), False)
    return Step(None, backwards=args.get("last") == "1"), False


def sort_text(order: Order) -> str:
    """Return an order as an address says it."""
    return f"-{order.key}" if order.descending else order.key


def _address(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
