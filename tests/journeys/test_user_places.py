"""Platform Accounts and Sub-Accounts in the form of a user, in a browser: which fields are open, and why one is closed."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.reader import Reader
from tests.site import ACCOUNT, ADA, AMBER, AMBER_ONE, AMBER_TWO, BERT, BIRCH, NORTH, PLATFORM_USER, SUB_ACCOUNT, Site

pytestmark = pytest.mark.browser

ROLE_FIRST = "For roles that are held at Sub-Accounts. Choose such a role first."
RULE = "Sub-Accounts are chosen inside one Platform Account. Choose one Platform Account, or several whole ones."


def field(reader: Reader, label: str) -> Locator:
    """Return everything that belongs to a field."""
    return reader.page.locator(".field").filter(has=reader.page.locator(f'label.field-label:text-is("{label}")'))


def search(reader: Reader, label: str) -> Locator:
    return reader.page.get_by_role("combobox", name=label)


def whole(reader: Reader, label: str) -> Locator:
    return reader.page.get_by_role("checkbox", name=f"All {label}")


def pick(reader: Reader, label: str, *names: str) -> None:
    search(reader, label).click()
    for name in names:
        reader.page.get_by_role("listbox").locator("visible=true").get_by_role("option", name=name).click()
    reader.page.keyboard.press("Escape")


def offered(reader: Reader, label: str) -> list[str]:
    search(reader, label).click()
    options = reader.page.get_by_role("listbox").locator("visible=true").locator(".listbox-name")
    expect(options.first).to_be_visible()
    found = options.all_inner_texts()
    reader.page.keyboard.press("Escape")
    return found


def edit(reader: Reader, *names: str) -> None:
    for name in names:
        reader.row(name).get_by_role("checkbox").check()
    reader.button("Actions", reader.page.locator(".toolbar")).click()
    reader.entry("Add/Edit Back-Office User").click()


def held(site: Site, name: str) -> set[int]:
    new = next(int(row["data-id"]) for row in site.visitor("nora").get(f"/users/?search={name}").rows)
    site.world.session.rollback()
    return {unit for role, unit in site.world.held(new) if role == PLATFORM_USER}


@pytest.mark.seed("S2-21")
def test_of_every_role_on_offer_a_platform_user_alone_opens_the_sub_accounts(nora: Reader, site: Site):
    page = nora.page
    site.world.role("own", {"service_provider.reports": "view"}, owned_at=NORTH, kinds=(ACCOUNT,))
    role = page.get_by_label("User Role")

    for whom in ((), ("Ada Clarke",), ("Ada Clarke", "Bert Brown")):
        nora.goto("/users/?search=north.example&sort=id&size=25")
        if whom:
            edit(nora, *whom)
        else:
            page.get_by_role("link", name="Add Back-Office User").click()
        expect(role.locator("option").filter(has_text="Platform User")).to_have_count(1)
        offered = [option.inner_text() for option in role.locator("option").all() if option.get_attribute("value")]
        assert {"Service Provider Administrator", "Service Provider Support", "Platform Administrator", "Platform User", "Own"} <= {*offered}
        for label in (*offered, *reversed(offered)):
            role.select_option(label=label)
            if label == "Platform User":
                whole(nora, "Platform Accounts").uncheck()
                expect(search(nora, "Sub-Accounts")).to_be_enabled()
                expect(field(nora, "Sub-Accounts").get_by_text(ROLE_FIRST)).to_be_hidden()
            else:
                expect(field(nora, "Sub-Accounts").get_by_text(ROLE_FIRST)).to_be_visible()
                expect(search(nora, "Sub-Accounts")).to_have_count(0)
                expect(whole(nora, "Sub-Accounts")).to_have_count(0)
        nora.glance(f"of {len(whom)}, sub-accounts closed")
    nora.quiet()


@pytest.mark.seed("S2-18")
@pytest.mark.seed("S2-19")
@pytest.mark.seed("S2-20")
@pytest.mark.seed("S2-22")
@pytest.mark.seed("S2-23")
def test_the_role_and_the_accounts_open_and_close_the_sub_accounts(nora: Reader, site: Site):
    page = nora.page
    nora.refusals = {422}
    site.world.unit("Birch One", kind=SUB_ACCOUNT, below=BIRCH)
    page.get_by_role("link", name="Add Back-Office User").click()
    role, closed = page.get_by_label("User Role"), field(nora, "Sub-Accounts").get_by_text(RULE)

    for other in ("Service Provider Administrator", "Service Provider Support", "Platform Administrator"):
        role.select_option(label=other)
        expect(search(nora, "Sub-Accounts")).to_have_count(0)
        expect(field(nora, "Sub-Accounts").get_by_text(ROLE_FIRST)).to_be_visible()
        expect(whole(nora, "Sub-Accounts")).to_have_count(0)
    role.select_option(label="Platform User")
    expect(search(nora, "Sub-Accounts")).to_be_enabled()
    expect(whole(nora, "Sub-Accounts")).to_be_disabled()
    nora.look("platform user, nothing chosen")

    pick(nora, "Platform Accounts", "Amber Line")
    assert offered(nora, "Sub-Accounts") == ["Amber One", "Amber Two"]
    pick(nora, "Sub-Accounts", "Amber One")
    nora.look("one account, one sub-account")

    pick(nora, "Platform Accounts", "Birch Line")
    expect(closed).to_be_visible()
    expect(search(nora, "Sub-Accounts")).to_have_count(0)
    expect(whole(nora, "Sub-Accounts")).to_be_disabled()
    nora.look("two accounts, sub-accounts closed")

    nora.button("Remove Birch Line").click()
    expect(closed).to_be_hidden()
    expect(field(nora, "Sub-Accounts").locator(".token")).to_have_text(["Amber One"])
    nora.button("Remove Amber Line").click()
    pick(nora, "Platform Accounts", "Birch Line")
    expect(field(nora, "Sub-Accounts").locator(".token")).to_have_count(0)
    assert offered(nora, "Sub-Accounts") == ["Birch One"]

    whole(nora, "Platform Accounts").check()
    expect(search(nora, "Platform Accounts")).to_have_count(0)
    expect(closed).to_be_visible()
    nora.look("all accounts")
    whole(nora, "Platform Accounts").press("Space")
    expect(closed).to_be_hidden()
    expect(field(nora, "Platform Accounts").locator(".token")).to_have_text(["Birch Line"])

    page.get_by_label("User Name").fill("dora")
    page.get_by_label("First Name").fill("Dora")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("Sub-Accounts: Choose at least one place where Platform User holds.")
    nora.look("at least one sub-account")
    page.get_by_role("link", name="Sub-Accounts: ").click()
    expect(search(nora, "Sub-Accounts")).to_be_focused()
    whole(nora, "Sub-Accounts").check()
    expect(search(nora, "Sub-Accounts")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    nora.message("dora was added.")
    assert held(site, "dora") == {BIRCH}

    nora.goto("/users/?search=dora")
    nora.row("Dora").get_by_role("link").first.click()
    expect(whole(nora, "Sub-Accounts")).to_be_checked()
    expect(page.locator(".facts").get_by_text("Sub-Accounts").locator("xpath=following-sibling::dd")).to_have_text("1")
    nora.look("all sub-accounts, again")
    whole(nora, "Platform Accounts").check()
    page.get_by_role("button", name="Update").click()
    nora.message("Dora was saved.")
    assert held(site, "dora") == {NORTH}

    nora.goto("/users/?search=dora")
    nora.row("Dora").get_by_role("link").first.click()
    expect(whole(nora, "Platform Accounts")).to_be_checked()
    expect(page.locator(".facts").get_by_text("Sub-Accounts").locator("xpath=following-sibling::dd")).to_have_text("3")
    expect(page.get_by_text("Unsaved changes")).to_be_hidden()
    nora.quiet()


@pytest.mark.seed("S2-03")
@pytest.mark.seed("S2-19")
def test_several_are_left_unchanged_until_they_are_touched(nora: Reader, site: Site):
    page = nora.page

    def choose() -> None:
        nora.goto("/users/?search=north.example&sort=id&size=25")
        edit(nora, "Ada Clarke", "Bert Brown")
        nora.heading("Edit 2 Back-Office Users")

    before = {user_id: site.world.held(user_id) for user_id in (ADA, BERT)}
    choose()
    role = page.get_by_label("User Role")
    expect(role.locator("option:checked")).to_have_text("Leave unchanged")
    expect(whole(nora, "Platform Accounts")).to_have_count(0)
    nora.look("several, untouched")
    page.get_by_role("button", name="Update").click()
    nora.message("0 users were changed.")
    site.world.session.rollback()
    assert {user_id: site.world.held(user_id) for user_id in (ADA, BERT)} == before

    choose()
    role.select_option(label="Platform User")
    pick(nora, "Platform Accounts", "Amber Line")
    pick(nora, "Sub-Accounts", "Amber One", "Amber Two")
    nora.look("several, touched")
    page.get_by_role("button", name="Update").click()
    nora.message("2 users were changed.")
    site.world.session.rollback()
    for user_id in (ADA, BERT):
        assert {unit for held_role, unit in site.world.held(user_id) if held_role != "member"} == {AMBER_ONE, AMBER_TWO}
    assert AMBER not in held(site, "bert")
    nora.quiet()
