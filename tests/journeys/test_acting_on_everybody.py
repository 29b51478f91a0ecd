"""Acting on everybody who matches, in a browser: looked at, run as a job, watched, cancelled, taken back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from playwright.sync_api import expect

from bo_panel.domain.lifecycle import Status
from bo_panel.settings.sections import Engine, Jobs
from tests.journeys.reader import Reader
from tests.site import Site, with_settings

pytestmark = pytest.mark.browser

FEW = 20


@dataclass
class Slow:
    """Somebody who does one job, and waits after each part until he is told to go on."""

    site: Site
    parts: list[Event] = field(default_factory=list)
    told: Event = field(default_factory=Event)
    thread: Thread | None = None

    def begin(self) -> None:
        """Do the first part of the job that waits."""
        self.told.clear()
        done = Event()
        self.parts.append(done)
        self.thread = Thread(target=self._work, daemon=True)
        self.thread.start()
        assert done.wait(20)

    def go_on(self) -> None:
        """Do the rest."""
        self.told.set()
        assert self.thread is not None
        self.thread.join(20)

    def _work(self) -> None:
        panel = self.site.app.extensions["bo_panel"]
        with panel.session() as session:
            panel.jobs.work(session, self._wait)

    def _wait(self) -> bool:
        self.parts[-1].set()
        return self.told.wait(20)


@pytest.fixture
def worker(site: Site) -> Iterator[Slow]:
    """A worker for a panel in which twenty are many."""
    site.app.extensions["bo_panel"] = with_settings(site.panel, jobs=Jobs(above=FEW), engine=Engine(chunk=FEW))
    found = Slow(site)
    yield found
    if found.thread is not None:
        found.go_on()


def disabled(site: Site) -> int:
    site.world.session.rollback()
    return sum(site.user(1_000 + number).status is Status.DISABLED for number in range(100))


def test_everybody_is_looked_at_disabled_in_the_background_cancelled_and_taken_back(nora: Reader, site: Site, worker: Slow):
    page, before = nora.page, disabled(site)
    nora.goto("/users/?size=25")
    page.get_by_role("checkbox", name="Select all rows on this page").check()
    page.get_by_role("region", name="Selection").get_by_role("link", name="matching").click()
    nora.heading("106 users match")
    nora.look("choose")
    page.get_by_role("link", name="Disable Back-Office User").click()
    nora.heading("Disable 106 users?")
    expect(page.locator(".outcome strong")).to_have_text(["92", "12", "2"])
    expect(page.get_by_text("This is your own account.")).to_be_visible()
    page.get_by_label("Why").fill("They left")
    nora.look("preview")
    nora.button("Yes, disable them!").click()

    nora.heading("Disable 106 users")
    expect(page.locator("[data-job-state]")).to_have_text("Waiting")
    expect(page.locator("#live")).to_contain_text("Begun: Disable 106 users.")
    worker.begin()
    expect(page.locator("[data-job-state]")).to_have_text("Running")
    expect(page.get_by_text("20 of 106", exact=True)).to_be_visible()
    nora.look("progress")
    page.locator("[data-tray]").click()
    expect(page.get_by_role("menuitem", name="Disable 106 users")).to_be_visible()
    nora.glance("tray")
    page.keyboard.press("Escape")
    nora.button("Cancel the job").click()
    nora.message("It is being cancelled.")
    worker.go_on()
    expect(page.locator("[data-job-state]")).to_have_text("Cancelled")
    expect(page.locator("#live")).to_contain_text("Disable 106 users")
    nora.look("cancelled")
    assert before < disabled(site) < 92

    page.get_by_role("link", name="What it did").click()
    expect(page.get_by_text("They left")).to_be_visible()
    expect(page.get_by_text("Everybody in sight, without any filter")).to_be_visible()
    nora.look("change")
    page.get_by_role("link", name="Undo it").click()
    nora.heading("Take back what was done?")
    nora.look("undo")
    nora.button("Yes, take it back").click()
    nora.message("users are as before again.")
    nora.look("undone")
    assert disabled(site) == before
    nora.quiet()


def test_the_same_by_keyboard_alone_and_the_result_is_kept(nora: Reader, site: Site, worker: Slow):
    page, before = nora.page, disabled(site)
    nora.goto("/users/?search=user1&size=25&status=active")
    link = page.get_by_role("link", name="matching")
    expect(link).to_have_count(0)  # all of them are on this page
    nora.goto("/users/?search=user&size=25&status=active")
    page.locator(".grid-foot").get_by_role("link", name="matching").press("Enter")
    page.get_by_role("link", name="Disable Back-Office User").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Disable")
    assert nora.focused() == "Cancel"
    page.keyboard.press("Tab")
    assert nora.focused() == "Yes, disable them!"
    page.keyboard.press("Enter")
    expect(page.locator("[data-job-state]")).to_have_text("Waiting")
    worker.begin()
    worker.go_on()
    expect(page.locator("[data-job-state]")).to_have_text("Done")
    expect(page.locator("#live")).to_contain_text("Ended: Disable")
    nora.look("result")
    assert disabled(site) == 100
    page.get_by_role("link", name="Undo it").press("Enter")
    nora.heading("Take back what was done?")
    assert nora.focused() == "Cancel"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-job-state]")).to_have_text("Waiting")
    worker.begin()
    worker.go_on()
    expect(page.locator("[data-job-state]")).to_have_text("Done")
    assert disabled(site) == before
    nora.goto("/jobs/")
    nora.look("jobs")
    nora.quiet()


def test_a_page_is_gone_to_by_its_number(nora: Reader):
    page = nora.page
    nora.goto("/users/?search=user&size=25&sort=id")
    page.get_by_label("Page", exact=True).fill("3")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr[data-id]").first).to_have_attribute("data-id", "1050")
    assert "page=3" in page.url
    expect(page.get_by_label("Page", exact=True)).to_be_focused()
    nora.look("page by number")
    page.get_by_label("Page", exact=True).fill("99999")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr[data-id]").last).to_have_attribute("data-id", "1099")
    nora.quiet()
