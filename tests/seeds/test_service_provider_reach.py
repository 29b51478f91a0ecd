"""How many sub-accounts somebody works with, and several users at once (seed 002), without scripts."""

import pytest

from tests.browsing import Visitor
from tests.seeds.places import ACCOUNTS, RULE, SUB_ACCOUNTS, add, form_of, held, tokens
from tests.site import (
    ADA,
    AMBER,
    AMBER_ONE,
    AMBER_TWO,
    BERT,
    BIRCH,
    NORTH,
    PLATFORM_USER,
    SUB_ACCOUNT,
)


@pytest.mark.seed("S2-23")
def test_the_details_tell_in_how_many_sub_accounts_somebody_works(nora, site):
    def count(browser: Visitor, name: str) -> str:
        facts = form_of(browser, name).tree.first("dl", class_="facts").all("div")
        return next(fact.first("dd").text for fact in facts if fact.first("dt").text == "Sub-Accounts")

    add(nora, **{ACCOUNTS: "all"})
    assert count(nora, "Dora Day") == "2"
    assert count(nora, "Bert Brown") == "2"
    assert count(nora, "Cleo Dunn") == "1"

    site.world.unit("Birch One", kind=SUB_ACCOUNT, below=BIRCH)
    assert count(nora, "Dora Day") == "3"
    assert count(nora, "Cleo Dunn") == "1"
    assert count(site.visitor("ada"), "Bert Brown") == "2"


@pytest.mark.seed("S2-23")
def test_the_list_tells_it_too_where_the_column_is_chosen(nora, site):
    page = nora.get(f"/users/?cols=role&cols=count:{SUB_ACCOUNT}")

    assert {name: page.row(name)["Sub-Accounts"] for name in ("Nora North", "Bert Brown", "Cleo Dunn", "Gus Visitor")} == {
        "Nora North": "2",
        "Bert Brown": "2",
        "Cleo Dunn": "1",
        "Gus Visitor": "2",
    }
    assert "Sub-Accounts" not in nora.get("/users/").columns


@pytest.mark.seed("S2-03")
@pytest.mark.seed("S2-19")
def test_several_get_the_sub_accounts_of_one_account_in_place_of_what_they_had(nora, site):
    form = nora.act(nora.get("/users/"), "edit", ADA, BERT)

    refused = nora.submit(form, "/users/several/", role=PLATFORM_USER, **{ACCOUNTS: [str(AMBER), str(BIRCH)], SUB_ACCOUNTS: [str(AMBER_ONE)]})
    assert refused.problems == [f"Sub-Accounts: {RULE}"]
    assert tokens(refused, "Sub-Accounts") == ["Amber One"]

    done = nora.submit(form, "/users/several/", role=PLATFORM_USER, **{ACCOUNTS: str(AMBER), SUB_ACCOUNTS: [str(AMBER_ONE), str(AMBER_TWO)]})
    assert done.messages == ["2 users were changed."]
    assert held(site, "ada") == held(site, "bert") == {(PLATFORM_USER, AMBER_ONE), (PLATFORM_USER, AMBER_TWO)}


@pytest.mark.seed("S2-03")
@pytest.mark.seed("S2-18")
def test_several_get_all_platform_accounts(nora, site):
    done = nora.submit(nora.act(nora.get("/users/"), "edit", ADA, BERT), "/users/several/", role=PLATFORM_USER, **{ACCOUNTS: "all"})

    assert done.messages == ["2 users were changed."]
    assert held(site, "ada") == held(site, "bert") == {(PLATFORM_USER, NORTH)}
