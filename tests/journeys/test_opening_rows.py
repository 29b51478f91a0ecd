"""What a click and a double click on a row do, and the keyboard, where a click selects (`[users] row_click`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bo_panel.settings import load
from bo_panel.testing import SqliteStore
from tests.journeys.conftest import reading, serving
from tests.journeys.reader import Reader
from tests.shop import fill

pytestmark = pytest.mark.browser


@pytest.fixture
def olivia(chromium: Browser, tmp_path: Path, shots: Path) -> Iterator[Reader]:
    """The owner of a retail company, in front of the list."""
    store = SqliteStore(load("retail", {}, root=Path(__file__).parents[2]), tmp_path)
    with serving(store.fresh(tmp_path), fill) as (_site, url), reading(chromium, url, shots) as found:
        found.sign_in("olivia")
        found.heading("Hello, Olivia")
        found.goto("/users/")
        yield found


@pytest.mark.seed("S1-20")
def test_a_double_click_on_a_row_opens_the_editor_and_so_does_enter(olivia: Reader):
    page = olivia.page
    row = olivia.row("Pia Pine")

    row.dblclick(position={"x": 700, "y": 20})
    olivia.heading("Pia Pine Active")
    olivia.look("editor")

    page.go_back()
    page.get_by_role("heading", level=1).click()
    for key in ("j", "j", "j", "Enter"):
        page.keyboard.press(key)
    olivia.heading("Pia Pine Active")
    olivia.quiet()


@pytest.mark.seed("S1-14", "S1-19")
def test_a_click_on_a_row_selects_it_for_the_buttons_edit_and_delete(olivia: Reader):
    page = olivia.page
    bar = page.get_by_role("region", name="Selection")

    olivia.row("Pia Pine").click(position={"x": 700, "y": 20})
    expect(bar).to_contain_text("1 selected")
    olivia.look("selected")
    olivia.row("Ruth Rowan").click(position={"x": 700, "y": 20})
    expect(bar).to_contain_text("2 selected")
    olivia.row("Pia Pine").click(position={"x": 700, "y": 20})
    expect(bar).to_contain_text("1 selected")

    olivia.button("Edit", bar).click()
    olivia.heading("Ruth Rowan Active")

    page.go_back()
    olivia.goto("/users/")
    olivia.row("Pia Pine").click(position={"x": 700, "y": 20})
    olivia.button("Delete", bar).click()
    expect(olivia.dialog).to_contain_text("Delete Pia Pine?")
    olivia.button("Yes, delete it!", olivia.dialog).click()
    olivia.message("1 user deleted.")
    assert olivia.names() == ["Adam Ash", "Olivia Larch", "Ruth Rowan"]
    olivia.quiet()
