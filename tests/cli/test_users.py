"""`bo users` and `bo audit`."""

import pytest

from tests.cli.conftest import Bo, Ran


@pytest.fixture
def ready(bo: Bo) -> Bo:
    assert bo("db", "upgrade").code == 0
    return bo


def test_the_first_owner_gets_a_password_that_is_shown_once(ready: Bo) -> None:
    made = ready("users", "add", "--owner", "--user-name", "olivia", "--email", "olivia@example.com", "--json").json

    [listed] = ready("users", "list", "--json").json
    assert len(made["password"]) == 20
    assert (listed["id"], listed["user_name"], listed["roles"], listed["status"]) == (made["id"], "olivia", ["Owner"], "active")


def test_a_refusal_is_a_sentence_and_ends_with_one(ready: Bo) -> None:
    ready("users", "add", "--owner", "--user-name", "olivia")

    again = ready("users", "add", "--owner", "--user-name", "OLIVIA")
    nowhere = ready("users", "add", "--user-name", "sam", "--home", "99")
    both = ready("users", "add", "--user-name", "sam", "--owner", "--role", "member")

    assert (again.code, again.err) == (1, "This user name is already taken. Choose another.\n")
    assert nowhere.code == 1
    assert both.code == 2


def test_without_a_terminal_a_user_name_is_needed(ready: Bo) -> None:
    ran = ready("users", "add", "--owner")

    assert ran.code == 2
    assert "--user-name" in ran.err


def test_the_last_owner_stays(ready: Bo) -> None:
    ready("users", "add", "--owner", "--user-name", "olivia")

    ran = ready("users", "disable", "olivia", "--yes")

    assert ran.code == 1
    assert "unit.last_owner: 1" in ran.out


def test_the_first_owner_stays_until_his_address_is_another_where_a_deployment_says_so(bare: Bo) -> None:
    def bo(*arguments: str) -> Ran:
        return bare("-d", "retail", *arguments)

    assert bo("db", "upgrade").code == 0
    for name in ("olivia", "otto"):
        assert bo("users", "add", "--owner", "--user-name", name, "--email", f"{name}@example.com", "--generate").code == 0

    refused = bo("users", "delete", "olivia", "--yes", "--json")

    assert (refused.code, [row["code"] for row in refused.json["refusals"]]) == (1, ["user.founder"])
    assert "Change the address first" in refused.json["refusals"][0]["reason"]
    assert bo("users", "delete", "otto", "--yes").code == 0


def test_some_are_disabled_enabled_and_deleted_by_name_email_or_id(filled: Bo) -> None:
    chosen = filled("users", "list", "--where", "status=active,unit=3", "--limit", "3", "--json").json
    names = [chosen[0]["user_name"].upper(), chosen[1]["email"] or str(chosen[1]["id"]), str(chosen[2]["id"])]

    assert filled("users", "disable", *names, "--dry-run", "--json").json["changed"] == 3
    assert filled("users", "disable", *names, "--yes", "--reason", "left", "--json").json["changed"] == 3
    assert filled("users", "disable", *names, "--yes").out == "0 changed, 3 already so, 0 refused.\n"
    assert filled("users", "enable", *names, "--yes", "--json").json["changed"] == 3
    assert filled("users", "delete", *names, "--yes", "--json").json["changed"] == 3
    assert filled("users", "delete", *names, "--yes").code == 2


def test_a_dry_run_does_nothing(filled: Bo) -> None:
    filled("users", "delete", "--where", "status=disabled", "--dry-run")

    assert filled("users", "list", "--where", "status=disabled", "--json").json


def test_all_who_match_are_changed_and_those_who_may_not_are_told(filled: Bo) -> None:
    ran = filled("users", "disable", "--where", "role=owner", "--yes", "--json")

    assert ran.code == 1
    assert ran.json["refused"] >= 1
    assert {refusal["code"] for refusal in ran.json["refusals"]} == {"unit.last_owner"}


def test_without_an_answer_nothing_is_done(filled: Bo) -> None:
    ran = filled("users", "disable", "--where", "status=active")

    assert ran.code == 1
    assert "Nothing was done." in ran.err


@pytest.mark.parametrize("where", ["status=gone", "unit=x", "unit=999999", "role=nothing", "signed_in=once", "colour=red", "status", "unit=2,unit=3"])
def test_a_condition_that_means_nothing_is_a_sentence(where: str, filled: Bo) -> None:
    ran = filled("users", "list", "--where", where)

    assert ran.code == 2
    assert "--where" in ran.err


def test_the_list_narrows_and_is_cut(filled: Bo) -> None:
    assert len(filled("users", "list", "--limit", "120", "--json").json) == 120
    owners = filled("users", "list", "--where", "role=owner", "--where", "status=active", "--json").json
    assert all("Owner" in user["roles"] for user in owners)
    assert [user["user_name"] for user in filled("users", "list", "--where", "search=olivia owner", "--json").json] == ["owner"]
    assert "first 5" in filled("users", "list", "--limit", "5").err
    assert filled("users", "list", "--where", "search=nobodyatall").out == "Nobody.\n"


def test_placeholders_are_not_shown(filled: Bo) -> None:
    listed = filled("users", "list", "--limit", "1000", "--json").json

    assert not any("placeholder" in (user["email"] or "") for user in listed)


def test_what_was_done_is_in_the_audit_log(filled: Bo) -> None:
    filled("users", "disable", "support", "--yes", "--reason", "left")

    [event] = filled("audit", "tail", "-n", "1", "--json").json
    assert (event["event"], event["user_name"], event["after"]) == ("users.disabled", "support", {"status": "disabled"})
    assert [row["event"] for row in filled("audit", "tail", "--event", "demo.filled", "--json").json] == ["demo.filled"]
    assert "users.disabled" in filled("audit", "tail").out


def test_archived_users_are_restored(filled: Bo) -> None:
    assert filled("users", "archive", "support", "--yes").code == 0
    assert filled("users", "list", "--where", "search=support", "--json").json[0]["status"] == "archived"
    assert filled("users", "restore", "support", "--yes").code == 0
    assert filled("users", "list", "--where", "search=support", "--json").json[0]["status"] == "active"


def test_a_profile_is_given_field_by_field_and_exported(bare: Bo) -> None:
    def bo(*arguments: str) -> Ran:
        return bare("-d", "field_service", *arguments)

    assert bo("db", "upgrade").code == 0
    named = ("users", "add", "--owner", "--user-name", "olivia", "--email", "olivia@example.com", "--generate")
    country, state = ("--profile", "field_service.country=US"), ("--profile", "field_service.state=DE-BE")

    wrong = bo(*named, *country, *state)
    odd = bo(*named, "--profile", "city")
    right = bo(*named, "--profile", "field_service.city=Bern=Berne", *country)
    told = bo("users", "export", "-", "--columns", "user_name,profile:field_service.city,profile:field_service.country")

    assert (wrong.code, wrong.err) == (1, "profile:field_service.state: Choose a state of the country that is chosen.\n")
    assert odd.code == 2
    assert right.code == 0
    assert told.out.splitlines()[1:] == ["olivia,Bern=Berne,US"]


def test_what_a_plugin_offers_is_done_by_its_key(bare: Bo) -> None:
    def bo(*arguments: str) -> Ran:
        return bare("-d", "ticketing", *arguments)

    assert bo("db", "upgrade").code == 0
    assert bo("users", "add", "--owner", "--user-name", "olivia", "--generate").code == 0

    wrong = bo("users", "act", "ticketing.scan_pos_onyl", "olivia")
    assert wrong.code == 2
    assert "There are ticketing.scan_pos_only. Did you mean ticketing.scan_pos_only?" in " ".join(wrong.err.split())
    page = bo("users", "act", "ticketing.export", "olivia")
    assert page.code == 2

    tried = bo("users", "act", "ticketing.scan_pos_only", "--where", "status=active", "--dry-run", "--json")
    assert (tried.code, tried.json["move"], tried.json["done"]) == (1, "ticketing.scan_pos_only", False)
    assert [row["code"] for row in tried.json["refusals"]] == ["unit.last_owner"]
    assert bo("users", "act", "ticketing.scan_pos_only", "olivia", "--yes").code == 1
    assert bo("users", "list", "--json").json[0]["roles"] == ["Owner"]
