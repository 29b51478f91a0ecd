"""Somebody with a browser that runs no scripts: reads pages, follows links, fills in forms and presses buttons."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.html_tree import Node, parse

PASSWORD = "correct horse battery staple"
Values = Mapping[str, str | Sequence[str]]


class Page:
    """An answer, as a person reads it."""

    def __init__(self, response: TestResponse) -> None:
        """Keep the answer; it is taken apart when something is asked of it."""
        self.status = response.status_code
        self.headers = response.headers
        self.path = urlsplit(response.request.url).path
        self.url = response.request.full_path.rstrip("?")
        self.response = response

    @cached_property
    def html(self) -> str:
        """The answer's text."""
        return self.response.text

    @cached_property
    def tree(self) -> Node:
        """The page's elements."""
        return parse(self.html)

    @property
    def json(self) -> Any:
        """The answer, where it is data."""
        return self.response.get_json()

    @property
    def heading(self) -> str:
        """The headline."""
        return self.tree.first("h1").text

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return self.tree.first("title").text

    @property
    def text(self) -> str:
        """Everything that is read."""
        return self.tree.first("body").text

    @property
    def messages(self) -> list[str]:
        """What the page says happened."""
        return [toast.first("p").text for toast in self.tree.all("div", class_="toast")]

    @property
    def problems(self) -> list[str]:
        """The lines of the summary of what is wrong with a form."""
        return [link.text for box in self.tree.all("ul", class_="notice-links") for link in box.all("a")]

    @property
    def codes(self) -> list[str]:
        """The codes of refusals that are shown."""
        shown = [node for kind in ("notice-code", "error-code") for node in self.tree.all("p", class_=kind)]
        return [code.text for node in shown for code in node.all("code")]

    @property
    def menu(self) -> dict[str, list[str]]:
        """The entries of the menu at the side, by heading."""
        groups = self.tree.first("nav", id="sidenav").all("div", class_="nav-group")
        return {" ".join(head.text for head in group.all("h2")): [link.text for link in group.all("a")] for group in groups}

    def link(self, text: str) -> str:
        """Return where the link with this text leads."""
        return next(node["href"] for node in self.tree.all("a") if node.text == text)

    def links(self) -> list[str]:
        """Return the texts of all links."""
        return [node.text for node in self.tree.all("a")]

    def control(self, label: str) -> Node:
        """Return the control that a label names."""
        found = [node for node in self.tree.all("label", class_="field-label") if node.text.removesuffix(" optional") == label]
        assert found, f"no field {label!r} among {[node.text for node in self.tree.all('label')]}"
        target = found[0]["for"] or found[0]["id"].removesuffix("-label")
        return self.tree.first(id=target)

    def labels(self) -> list[str]:
        """Return the labels of the form's fields, in order."""
        return [node.text.removesuffix(" optional") for node in self.tree.all("label", class_="field-label")]

    def options(self, label: str) -> dict[str, str]:
        """Return the options of a select: their texts and values."""
        return {node.text: node["value"] for node in self.control(label).all("option") if node["value"]}

    @property
    def columns(self) -> list[str]:
        """The heads of the table."""
        return [node.text for node in self.tree.all("th", role="columnheader")]

    @property
    def rows(self) -> list[Node]:
        """The rows of the table of users."""
        return [node for node in self.tree.all("tr") if "data-id" in node]

    @property
    def names(self) -> list[str]:
        """The names of the people listed."""
        return [node["data-name"] for node in self.rows]

    def row(self, name: str) -> dict[str, str]:
        """Return the row of somebody: the text of each cell, by the head of its column."""
        found = next(node for node in self.rows if node["data-name"] == name)
        return dict(zip(self.columns, (cell.text for cell in found.all("td", "th")), strict=True))

    def actions(self) -> dict[str, dict[str, Any]]:
        """Return the actions and the sentences of their dialogs, as handed to the scripts."""
        return {action["key"]: action for action in json.loads(self.tree.first("script", id="actions-data").raw)}

    def form(self, action: str) -> Node:
        """Return the form that posts to this path."""
        return next(node for node in self.tree.all("form") if urlsplit(node["action"]).path == action and node["method"] == "post")

    def filled(self, form: Node) -> dict[str, list[str]]:
        """Return what a form would post as it stands, but for its buttons."""
        values: dict[str, list[str]] = {}
        for node in form.all("input", "select", "textarea"):
            ticked = node["type"] not in ("checkbox", "radio") or "checked" in node
            if node["name"] and "disabled" not in node and node["type"] != "submit" and ticked:
                values.setdefault(node["name"], []).append(_value(node))
        return values


class Visitor:
    """A browser, and whoever sits in front of it."""

    def __init__(self, app: Flask, **headers: str) -> None:
        """Open the browser; nobody is signed in."""
        self.client = app.test_client()
        self.headers = headers

    def get(self, url: str, **options: Any) -> Page:
        """Open an address; where it leads elsewhere, go there."""
        return self._ask("GET", url, follow_redirects=True, **options)

    def ask(self, method: str, url: str, **options: Any) -> Page:
        """Send one request and follow nothing."""
        return self._ask(method, url, **options)

    def sign_in(self, name: str, password: str = PASSWORD, onwards: str = "") -> Page:
        """Sign in on the page for it."""
        page = self.get(f"/sign-in?next={onwards}" if onwards else "/sign-in")
        return self.submit(page, "/sign-in", identity=name, password=password)

    def submit(self, page: Page, to: str, /, *, follow: bool = True, **values: str | Sequence[str]) -> Page:
        """Send the form of a page that posts to this path, with some values changed."""
        form = page.form(to)
        return self.post(form["action"], {**page.filled(form), **values}, follow=follow)

    def post(self, url: str, values: Values, *, follow: bool = True, **options: Any) -> Page:
        """Send values to an address."""
        return self._ask("POST", url, data=dict(values), follow_redirects=follow, **options)

    def act(self, page: Page, action: str, *ids: int, confirmed: bool = False) -> Page:
        """Tick rows and choose an action of the menu; `confirmed` is what the dialog of a browser with scripts adds."""
        more = {"confirmed": "1"} if confirmed else {}
        return self.submit(page, "/users/action/", action=action, ids=[str(user_id) for user_id in ids], **more)

    def press(self, page: Page, label: str) -> Page:
        """Press the button with these words on the page that asks before an action."""
        form = page.form("/users/action/")
        button = next(node for node in page.tree.all("button") if node.text == label)
        return self.post(form["action"], {**page.filled(form), button["name"]: button["value"]})

    def token(self) -> str:
        """Return the token of a form of this browser's session."""
        page = self.get("/account/")
        return page.tree.first("meta", name="csrf-token")["content"]

    def cookie(self, name: str) -> Any:
        """Return a cookie that the browser holds, or None."""
        return self.client.get_cookie(name)

    def _ask(self, method: str, url: str, **options: Any) -> Page:
        headers = {"User-Agent": "Mozilla/5.0 Firefox/140.0", "Accept": "text/html,*/*;q=0.8", **self.headers, **options.pop("headers", {})}
        return Page(self.client.open(url, method=method, headers=headers, **options))


def _value(node: Node) -> str:
    if node.tag == "select":
        options = node.all("option")
        return next((option["value"] for option in options if "selected" in option), options[0]["value"] if options else "")
    return node.raw if node.tag == "textarea" else node["value"]
