"""HTML as a small tree: enough to find what a person reads on a page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
UNREAD = frozenset({"script", "style", "template", "noscript"})


@dataclass(eq=False)
class Node:
    """An element, with what is inside it."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        """Return an attribute; '' when it is not there, and also when it has no value."""
        return self.attrs.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attrs

    def walk(self) -> Iterator["Node"]:
        """Yield every element inside, in the order in which it is read."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, *tags: str, **attrs: str) -> list["Node"]:
        """Return the elements inside with one of these tags and with these attributes (`data_id` is `data-id`)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [node for node in self.walk() if (not tags or node.tag in tags) and all(node.has(*item) for item in wanted.items())]

    def first(self, *tags: str, **attrs: str) -> "Node":
        """Return the first of them; fails when there is none."""
        found = self.all(*tags, **attrs)
        assert found, f"there is no {' or '.join(tags)} with {attrs}"
        return found[0]

    def has(self, name: str, value: str) -> bool:
        """Return whether an attribute has this value; for `class`, whether it is one of them."""
        return value in self[name].split() if name == "class" else name in self.attrs and self[name] == value

    @property
    def text(self) -> str:
        """What is read inside, with single spaces."""
        return " ".join(" ".join(self._pieces()).split())

    @property
    def raw(self) -> str:
        """The text inside as it stands, of scripts too."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNREAD:
                yield child.text if child.tag in ("bdi", "span", "code", "strong") else f" {child.text} "


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("document")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        names = [node.tag for node in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(html: str) -> Node:
    """Return the tree of a page."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
