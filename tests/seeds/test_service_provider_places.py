"""Platform Accounts and Sub-Accounts of a back-office user (seed 002), without scripts; the browser's part is in tests/journeys."""

from collections.abc import Iterator

import pytest

from bo_panel.demo import fill
from bo_panel.domain.units import UnitPath
from tests.browsing import Page, Visitor
from tests.html_tree import Node
from tests.seeds.places import ACCOUNTS, RULE, SUB_ACCOUNTS, add, field, form_of, held, is_all, is_open, tokens, works_at
from tests.site import (
    ACCOUNT,
    ADMINISTRATOR,
    AMBER,
    AMBER_ONE,
    AMBER_TWO,
    BERT,
    BIRCH,
    CEDAR_ONE,
    CLEO,
    NORTH,
    PLATFORM_ADMINISTRATOR,
    PLATFORM_USER,
    SUB_ACCOUNT,
    SUPPORT,
    Site,
    application,
    with_settings,
)


@pytest.mark.seed("S2-18")
def test_all_platform_accounts_can_be_chosen_and_are_shown_as_all_again(nora, site):
    box = field(nora.get("/users/new/"), "Platform Accounts").first("label", class_="all-of")
    assert box.text == "All Platform Accounts those added later included"

    assert add(nora, **{ACCOUNTS: "all"}).messages == ["dora was added."]

    assert held(site) == {(PLATFORM_USER, NORTH)}
    form = form_of(nora, "Dora Day")
    assert is_all(form, "Platform Accounts")
    assert tokens(form, "Platform Accounts") == []
    assert not is_open(form, "Sub-Accounts")


@pytest.mark.seed("S2-18")
def test_all_platform_accounts_covers_those_that_are_added_later(nora, site):
    add(nora, **{ACCOUNTS: "all"})

    later = site.world.unit("Dogwood Line", kind=ACCOUNT, below=NORTH)
    inside = site.world.unit("Dogwood One", kind=SUB_ACCOUNT, below=later)

    assert works_at(site, UnitPath.of(1, NORTH, later))
    assert works_at(site, UnitPath.of(1, NORTH, later, inside))
    assert not works_at(site, UnitPath.of(1, 7))


@pytest.mark.seed("S2-18")
def test_all_is_given_up_again_for_some(nora, site):
    add(nora, **{ACCOUNTS: "all"})

    page = nora.submit(form_of(nora, "Dora Day"), "/users/edit/", **{ACCOUNTS: [str(AMBER), str(BIRCH)]})

    assert page.messages == ["Dora Day was saved."]
    assert held(site) == {(PLATFORM_USER, AMBER), (PLATFORM_USER, BIRCH)}


@pytest.mark.seed("S2-18")
def test_who_administers_one_account_gives_nobody_all_of_them(site):
    ada = site.visitor("ada")
    form = ada.get(f"/users/edit/?id={BERT}")
    assert not [box for box in field(form, "Platform Accounts").all("input", type="checkbox")]

    page = ada.submit(form, "/users/edit/", **{ACCOUNTS: "all"})

    assert page.status in (403, 422)
    assert held(site, "bert") == {(PLATFORM_USER, AMBER), (PLATFORM_USER, BIRCH)}


@pytest.mark.seed("S2-19")
def test_some_sub_accounts_of_one_platform_account_are_chosen_and_shown_again(nora, site):
    assert add(nora, **{ACCOUNTS: str(AMBER), SUB_ACCOUNTS: [str(AMBER_ONE)]}).messages == ["dora was added."]

    assert held(site) == {(PLATFORM_USER, AMBER_ONE)}
    assert works_at(site, UnitPath.of(1, NORTH, AMBER, AMBER_ONE))
    assert not works_at(site, UnitPath.of(1, NORTH, AMBER, AMBER_TWO))
    form = form_of(nora, "Dora Day")
    assert tokens(form, "Platform Accounts") == ["Amber Line"]
    assert tokens(form, "Sub-Accounts") == ["Amber One"]
    assert is_open(form, "Sub-Accounts")


@pytest.mark.seed("S2-19")
def test_at_least_one_sub_account_is_needed(nora, site):
    before = site.everything()

    page = add(nora, **{ACCOUNTS: str(AMBER)})

    assert page.status == 422
    assert page.problems == ["Sub-Accounts: Choose at least one place where Platform User holds."]
    assert (page.control("User Name")["value"], tokens(page, "Platform Accounts")) == ("dora", ["Amber Line"])
    assert site.everything() == before


@pytest.mark.seed("S2-19")
def test_the_sub_accounts_on_offer_are_those_of_the_one_platform_account(nora, site):
    site.world.unit("Birch One", kind=SUB_ACCOUNT, below=BIRCH)

    def offered(inside: int) -> list[str]:
        address = f"/users/ajax/lookup/?kind={SUB_ACCOUNT}&home={NORTH}&inside={inside}"
        return [place["label"] for place in nora.get(address).json["results"]]

    assert offered(AMBER) == ["Amber One", "Amber Two"]
    assert offered(BIRCH) == ["Birch One"]
    assert offered(8) == offered(999) == []


@pytest.mark.seed("S2-20")
def test_all_sub_accounts_of_an_account_cover_those_that_are_added_later(nora, site):
    assert add(nora, **{ACCOUNTS: str(AMBER), SUB_ACCOUNTS: "all"}).messages == ["dora was added."]

    later = site.world.unit("Amber Three", kind=SUB_ACCOUNT, below=AMBER)

    assert works_at(site, UnitPath.of(1, NORTH, AMBER, later))
    assert not works_at(site, UnitPath.of(1, NORTH, BIRCH))
    form = form_of(nora, "Dora Day")
    assert tokens(form, "Platform Accounts") == ["Amber Line"]
    assert is_all(form, "Sub-Accounts")


@pytest.mark.seed("S2-20")
def test_all_sub_accounts_need_an_account_to_be_all_of(nora, site):
    page = add(nora, **{SUB_ACCOUNTS: "all"})

    assert page.problems == ["Platform Accounts: Choose at least one place where Platform User holds."]


def forms(browser: Visitor, site: Site) -> Iterator[tuple[str, Page]]:
    """Yield the forms with which somebody is added, edited, and edited along with others; a role of the provider's own is on offer too."""
    site.world.role("own", {"service_provider.reports": "view"}, owned_at=NORTH, kinds=(ACCOUNT,))
    yield "/users/new/", browser.submit(browser.get("/users/new/"), "/users/new/", home=str(NORTH), user_name="dora")
    yield "/users/edit/", browser.get(f"/users/edit/?id={CLEO}")
    yield "/users/several/", browser.act(browser.get("/users/"), "edit", CLEO, BERT)


def roles(form: Page) -> dict[str, Node]:
    """Return the roles on offer, by what they are called."""
    found = {option.text: option for option in form.control("User Role").all("option") if option["value"]}
    assert found.keys() >= {"Service Provider Administrator", "Service Provider Support", "Platform Administrator", "Platform User", "Own"}
    return found


@pytest.mark.seed("S2-21")
@pytest.mark.parametrize("name", ["nora", "boss"])
def test_sub_accounts_are_open_for_a_platform_user_and_for_no_other_role_on_offer(site, name):
    browser = site.visitor(name)
    for address, form in forms(browser, site):
        assert is_open(form, "Sub-Accounts") is (address == "/users/edit/")  # Cleo is one; nothing is chosen yet in the others
        for label, role in roles(form).items():
            page = browser.submit(form, address, role=role["value"], phone="call me", **{ACCOUNTS: [], SUB_ACCOUNTS: []})

            assert page.status == 422, (address, label)
            assert [option.text for option in roles(page).values() if "selected" in option] == [label]
            assert is_open(page, "Sub-Accounts") is (label == "Platform User"), (address, label)
            assert (SUB_ACCOUNT in role["data-kinds"].split()) is (label == "Platform User"), (address, label)


@pytest.mark.seed("S2-21")
@pytest.mark.parametrize("name", ["nora", "boss"])
def test_sub_accounts_that_are_sent_with_another_role_are_refused_and_nothing_is_written(site, name):
    browser = site.visitor(name)
    for address, form in forms(browser, site):
        before, grants = site.everything(), site.world.held(CLEO) | site.world.held(BERT)
        for label, role in roles(form).items():
            beside = {ACCOUNTS: str(AMBER) if ACCOUNT in role["data-kinds"].split() else []}
            for sub_accounts in ([str(AMBER_ONE)], [str(AMBER_ONE), str(AMBER_TWO)], "all") if label != "Platform User" else ():
                page = browser.submit(form, address, role=role["value"], **beside, **{SUB_ACCOUNTS: sub_accounts})

                assert page.status == 422, (address, label, sub_accounts)
                assert page.problems[0].startswith(f"Sub-Accounts: {label} cannot be held at Sub-Accounts."), (address, label, sub_accounts)
        site.world.session.rollback()
        assert (site.everything(), site.world.held(CLEO) | site.world.held(BERT)) == (before, grants)


@pytest.mark.seed("S2-21")
def test_so_it_is_for_every_role_that_the_demonstration_offers(provider_panel):
    told = fill(provider_panel, 60)
    site = Site(provider_panel, None, application(with_settings(provider_panel)))
    owner, offered = Visitor(site.app), set()
    owner.sign_in("owner", told.password)

    for home in owner.get("/users/new/").options("Service Provider").values():
        found = owner.get(f"/users/roles/?home={home}").json["roles"]
        offered |= {role["label"] for role in found}
        assert [role["label"] for role in found if SUB_ACCOUNT in role["kinds"].split()] == ["Platform User"]
    site.close()
    assert offered > {"Auditor", "Coordinator", "Trainee", "Night shift", "Platform Administrator", "Owner"}


@pytest.mark.seed("S2-21")
@pytest.mark.parametrize(
    ("role", "places"),
    [(SUPPORT, {}), (ADMINISTRATOR, {}), (PLATFORM_ADMINISTRATOR, {ACCOUNTS: [str(AMBER)]})],
    ids=["support", "administrator", "platform administrator"],
)
def test_sub_accounts_are_closed_for_other_roles_and_refused_by_the_server(nora, site, role, places):
    site.world.user("eve", (role, AMBER if places else NORTH), home=NORTH, first_name="Eve", last_name="Early")
    form = form_of(nora, "Eve Early")
    assert not is_open(form, "Sub-Accounts")
    assert "For roles that are held at Sub-Accounts. Choose such a role first." in form.text

    page = add(nora, role=role, **places, **{SUB_ACCOUNTS: [str(AMBER_ONE)]})

    assert page.status == 422
    assert page.problems[0].startswith("Sub-Accounts: ")
    assert "role.does_not_fit" in page.text
    assert "dora" not in nora.get("/users/").text


@pytest.mark.seed("S2-22")
def test_with_more_than_one_platform_account_the_sub_accounts_are_closed(nora, site):
    form = nora.get(f"/users/edit/?id={BERT}")

    assert tokens(form, "Platform Accounts") == ["Amber Line", "Birch Line"]
    assert not is_open(form, "Sub-Accounts")
    assert RULE in form.text


@pytest.mark.seed("S2-22")
@pytest.mark.parametrize("sub_accounts", ["all", [str(AMBER_ONE)], [str(AMBER_ONE), str(AMBER_TWO)]], ids=str)
@pytest.mark.parametrize("accounts", ["all", [str(AMBER), str(BIRCH)]], ids=str)
def test_sub_accounts_beside_more_than_one_account_are_refused_and_nothing_typed_is_lost(nora, site, accounts, sub_accounts):
    before = site.everything()

    page = add(nora, **{ACCOUNTS: accounts, SUB_ACCOUNTS: sub_accounts})

    assert page.status == 422
    assert page.problems == [f"Sub-Accounts: {RULE}"]
    assert "access.places_apart" in page.text
    assert page.control("User Name")["value"] == "dora"
    assert is_all(page, "Platform Accounts") or tokens(page, "Platform Accounts") == ["Amber Line", "Birch Line"]
    assert is_all(page, "Sub-Accounts") or tokens(page, "Sub-Accounts")
    assert site.everything() == before


@pytest.mark.seed("S2-22")
@pytest.mark.parametrize("sub_account", [CEDAR_ONE, 999, NORTH])
def test_a_sub_account_elsewhere_is_refused(nora, site, sub_account):
    before = site.everything()

    page = add(nora, **{ACCOUNTS: str(AMBER), SUB_ACCOUNTS: [str(sub_account)]})

    assert page.problems == ["Sub-Accounts: That place does not exist here. Choose one from the list."]
    assert site.everything() == before


@pytest.mark.seed("S2-22")
def test_sub_accounts_of_two_accounts_are_refused_though_no_account_is_named(nora, site):
    birch_one = site.world.unit("Birch One", kind=SUB_ACCOUNT, below=BIRCH)

    page = add(nora, **{SUB_ACCOUNTS: [str(AMBER_ONE), str(birch_one)]})

    assert page.problems == [f"Sub-Accounts: {RULE}"]


@pytest.mark.seed("S2-22")
def test_an_edit_replaces_accounts_by_sub_accounts_in_one_go(nora, site):
    page = nora.submit(nora.get(f"/users/edit/?id={BERT}"), "/users/edit/", **{ACCOUNTS: str(AMBER), SUB_ACCOUNTS: [str(AMBER_TWO)]})

    assert page.messages == ["Bert Brown was saved."]
    assert held(site, "bert") == {(PLATFORM_USER, AMBER_TWO)}
