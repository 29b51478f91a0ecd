"""A person in front of a real browser, who also looks at what most people cannot see."""

from collections.abc import Sequence
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browsing import PASSWORD

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
VIEWS = (("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW))
SETTLE = "() => new Promise((settled) => requestAnimationFrame(() => { document.getAnimations().forEach((one) => one.finish()); settled(); }))"
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def reason(status: int) -> str:
    """Return the words that go with a status."""
    return HTTPStatus(status).phrase.upper()


class Reader:
    """Signs in, looks, clicks, types."""

    def __init__(self, context: BrowserContext, shots: Path) -> None:
        """Open a page and listen to what the browser says about it."""
        self.context, self.shots = context, shots
        self.complaints: list[str] = []
        self.refusals: set[int] = set()
        """The statuses of refusals that belong to the story; the browser notes them on its console."""
        self.pictures = 0
        context.add_init_script(AXE)
        context.on("console", self._note)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.new_page()

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in."""
        self.page.goto("/sign-in")
        self.page.get_by_role("textbox", name="User Name or e-mail").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign In").click()

    def goto(self, url: str) -> None:
        """Go to an address."""
        self.page.goto(url)

    def heading(self, words: str) -> None:
        """Wait for the headline."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def message(self, words: str) -> None:
        """Wait for a message."""
        expect(self.page.locator(".toast").filter(has_text=words).first).to_be_visible()

    def row(self, name: str) -> Locator:
        """Return the row of somebody."""
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader").filter(has_text=name))

    def button(self, words: str, inside: Locator | None = None) -> Locator:
        """Return the button with exactly these words."""
        return (inside or self.page).get_by_role("button", name=words, exact=True)

    def entry(self, words: str) -> Locator:
        """Return the entry of a menu that is open."""
        return self.page.get_by_role("menuitem", name=words, exact=True).locator("visible=true")

    @property
    def dialog(self) -> Locator:
        """The question that is asked before something is done."""
        return self.page.locator("dialog#confirm[open]")

    def names(self) -> list[str]:
        """Return who is listed."""
        return self.page.locator("tbody tr[data-id]").evaluate_all("rows => rows.map(row => row.dataset.name)")

    def focused(self) -> str:
        """Return the words of what has the focus."""
        return str(self.page.evaluate("() => document.activeElement.textContent.trim() || document.activeElement.name"))

    def look(self, what: str, views: Sequence[tuple[str, Any]] = VIEWS) -> None:
        """Check the state of the page: nothing complained of, no barrier, nothing beside the window; in light and dark, wide and narrow."""
        for scheme, size in views:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.set_viewport_size(size)
            self._check(f"{what}, {scheme}, {size['width']} px")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")

    def glance(self, what: str) -> None:
        """Check a state that would not outlive another size of the window: a menu, a dialog."""
        self.look(what, (("dark", WIDE), ("light", WIDE)))

    def quiet(self) -> None:
        """Fail if the browser complained of anything."""
        assert not self.complaints, self.complaints

    def _check(self, what: str) -> None:
        self.page.evaluate(SETTLE)
        violations = self.page.evaluate(RUN)
        self.pictures += 1
        self.page.screenshot(path=self.shots / f"{self.pictures:02} {what}.png")
        told = [(found["id"], [node["target"] for node in found["nodes"]][:4], found["nodes"][0]["failureSummary"][:300]) for found in violations]
        assert not told, f"{what}: {told}"
        assert self.page.evaluate(OVERFLOW) <= 0, f"{what}: wider than the window"
        self.quiet()

    def _note(self, message: ConsoleMessage) -> None:
        if not any(message.text.endswith(f"a status of {status} ({reason(status)})") for status in self.refusals):
            self.complaints.append(f"{message.type}: {message.text}")
