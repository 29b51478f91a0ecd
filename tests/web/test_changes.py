"""The page of what was done in one go, and every door that leads to it."""

import csv
import io

import pytest
from sqlalchemy import select

from bo_panel.domain.lifecycle import DISABLE
from bo_panel.models import ChangeSet
from bo_panel.services.changes import CreateUser, MoveUsers
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed
from tests.browsing import Page, Visitor
from tests.site import ADA, BERT, CLEO, GUEST, NORA, NORTH, SALLY, SENTINEL, SOUTH, Site


def act(visitor: Visitor, *ids: int, action: str = "disable", **more: str) -> Page:
    form = {"csrf_token": visitor.token(), "ids": [str(one) for one in ids], "action": action, **more}
    return visitor.post("/users/action/", form)


def newest(site: Site) -> int:
    site.world.session.rollback()
    return site.world.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first() or 0


def facts(page: Page) -> dict[str, str]:
    shown = page.tree.first("dl", class_="facts")
    return dict(zip([node.text for node in shown.all("dt")], [node.text for node in shown.all("dd")], strict=True))


def test_the_message_leads_to_the_change_and_it_says_who_why_on_whom_and_what_came_of_it(site: Site, nora: Visitor) -> None:
    done = act(nora, ADA, CLEO, GUEST, confirmed="1", reason="They left in May")
    assert {"1 user disabled.", "1 was so already."} < set(done.messages)

    page = nora.get(done.link("Details"))

    assert page.heading == "Disabled 1 user"
    shown = facts(page)
    assert (shown["Who"], shown["Why"], shown["Selected"]) == ("nora", "They left in May", "3 users, chosen one by one")
    assert shown["Change"] == f"{newest(site)} · users.disable"
    assert [node.text for node in page.tree.first("ul", class_="outcome").all("strong")] == ["1", "1", "1"]
    assert "Gus Visitor" in page.text and "user.not_at_home" in page.text
    rows = list(csv.reader(io.StringIO(nora.ask("GET", page.link("Download the list")).html.lstrip("\ufeff"))))
    assert [row[1:4] for row in rows[1:]] == [["gus", "Gus Visitor", "user.not_at_home"]]
    looked = nora.get(page.link("Undo it"))
    assert looked.heading == "Take back what was done?"
    assert nora.get(looked.link(f"Change {newest(site)}, by nora")).heading == "Disabled 1 user"


def test_it_asks_a_handful_of_statements_however_many_it_is_about(site: Site, nora: Visitor) -> None:
    counts = []
    for ids in ((ADA, GUEST), (ADA, BERT, CLEO, GUEST, NORA)):
        act(nora, *ids, action="enable" if counts else "disable", confirmed="1")
        with site.statements() as seen:
            assert nora.get(f"/changes/?id={newest(site)}").status == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_the_audit_log_leads_to_it_and_shows_the_events_of_one_change(site: Site, nora: Visitor) -> None:
    act(nora, ADA, BERT, confirmed="1")
    act(nora, ADA, action="enable", confirmed="1")
    first = newest(site) - 1
    log = nora.get("/audit/")
    page = nora.get(log.link(f"Change {first}"))
    events = nora.get(page.link("Every event of it"))
    assert [node.text for node in events.tree.all("span", class_="event-whom")][-2:] == ["Bert Brown", "Ada Clarke"]
    assert "Enabled a user" not in [node.text.split(" users.")[0] for node in events.tree.all("span", class_="event-what")]
    assert nora.get("/audit/?change_set=-1").status == nora.get("/audit/?change_set=x&event=users.disabled").status == 200


def test_who_took_it_back_is_said_and_what_was_changed_since_is_listed_by_name_and_by_whom(site: Site, nora: Visitor) -> None:
    act(nora, ADA, BERT, confirmed="1")
    first = newest(site)
    form = nora.get(f"/users/edit/?id={BERT}")
    nora.submit(form, "/users/edit/", first_name="Berthold")

    looked = nora.get(f"/jobs/undo/?change_set={first}")
    assert "Berthold Brown (by nora, just now)" in looked.text
    before = list(csv.reader(io.StringIO(nora.ask("GET", looked.link("Download the list")).html.lstrip("\ufeff"))))
    done = nora.submit(looked, "/jobs/undo/", reason="By mistake")

    assert "1 user is as before again." in done.messages
    assert any("undo.changed_since" in message for message in done.messages)
    page = nora.get(f"/changes/?id={newest(site)}")
    assert page.heading == f"Took back change {first}"
    assert "Berthold Brown (by nora, just now)" in page.text
    assert (facts(page)["Why"], facts(page)["Selected"]) == ("By mistake", f"Everybody whom change {first} changed")
    after = list(csv.reader(io.StringIO(nora.ask("GET", page.link("Download the list")).html.lstrip("\ufeff"))))
    assert before == after
    assert before[1][1:4] == ["bert", "Berthold Brown", "undo.changed_since"]
    assert before[1][5] == "nora"
    assert f"Taken back by nora, at least in part: change {newest(site)}" in nora.get(f"/changes/?id={first}").text


def test_an_edit_with_roles_is_undone_from_its_page(site: Site, nora: Visitor) -> None:
    form = nora.get(f"/users/edit/?id={ADA}")
    nora.submit(form, "/users/edit/", first_name="Augusta", phone="")
    page = nora.get(f"/changes/?id={newest(site)}")
    assert page.heading == "Edited 1 user"
    nora.submit(nora.get(page.link("Undo it")), "/jobs/undo/")
    assert (site.user(ADA).first_name, site.user(ADA).phone) == ("Ada", "+442071838750")


def test_what_cannot_be_undone_says_so_and_what_to_do_instead(site: Site, boss: Visitor) -> None:
    site.world.single(CreateUser(values={"user_name": "new"}, home_id=NORTH), by=site.world.actor(NORA))
    page = boss.get(f"/changes/?id={newest(site)}")
    assert "This cannot be undone as a whole. Disable or delete the accounts that were added." in page.text
    assert "Undo it" not in page.links()
    assert any("undo.impossible" in code.text for code in boss.get(f"/jobs/undo/?change_set={newest(site)}").tree.all("code"))


def test_next_door_it_does_not_exist_and_of_others_runs_only_what_happened_here_is_shown(site: Site, nora: Visitor, boss: Visitor) -> None:
    site.world.run(MoveUsers(move=DISABLE), ADA, BERT, SALLY, by=site.world.actor(11))
    shared = newest(site)
    site.world.run(MoveUsers(move=DISABLE), GUEST, by=site.world.actor(21))
    theirs = newest(site)
    for address in (f"/changes/?id={theirs}", f"/changes/refused/?id={theirs}", "/changes/?id=0", "/changes/?id=1e9", "/changes/"):
        assert nora.ask("GET", address).status == 404, address
    page = nora.get(f"/changes/?id={shared}")
    assert page.heading == "Disabled users"
    assert set(facts(page)) == {"Who", "When", "Through", "Change"}
    assert SENTINEL not in page.html
    assert nora.ask("GET", f"/changes/refused/?id={shared}").status == 404, "the file would say what the page does not"
    assert boss.get(f"/changes/?id={shared}").heading == "Disabled 3 users"


def test_next_door_an_undo_says_nothing_of_a_run(site: Site, nora: Visitor) -> None:
    site.world.run(MoveUsers(move=DISABLE), SALLY, by=site.world.actor(21))
    theirs = newest(site)
    site.world.run(undo_of(site.world.session, theirs), by=site.world.actor(21), selection=Changed(theirs))
    site.world.single(CreateUser(values={"user_name": "newcomer"}, home_id=SOUTH))
    for change_set in (theirs, newest(site), newest(site) + 1):
        for answer in (
            nora.ask("GET", f"/jobs/undo/?change_set={change_set}"),
            nora.ask("GET", f"/jobs/undo/refused/?change_set={change_set}"),
            nora.post("/jobs/undo/", {"csrf_token": nora.token(), "change_set": str(change_set)}),
        ):
            assert answer.status == 404 and "sven" not in answer.html


def test_without_script_it_is_said_what_will_happen_to_those_ticked_before_it_does(site: Site, nora: Visitor) -> None:
    page = act(nora, ADA, CLEO, GUEST, NORA)
    assert "1 will change · 1 already so · 2 left alone" in page.text
    assert "user.own_account" in page.text and "Gus Visitor" in page.text
    button = next(node for node in page.tree.all("button") if node.text == "Download the list")
    ids = [str(one) for one in (ADA, CLEO, GUEST, NORA)]
    answer = nora.post(button["formaction"], {"csrf_token": nora.token(), "ids": ids, "action": button["value"]})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert {row[3] for row in list(csv.reader(io.StringIO(answer.html.lstrip("\ufeff"))))[1:]} == {"user.own_account", "user.not_at_home"}


@pytest.mark.parametrize("action", ["", "explode"])
def test_a_forged_question_is_answered(nora: Visitor, action: str) -> None:
    form = {"csrf_token": nora.token(), "ids": str(ADA), "action": action}
    assert nora.post("/users/refused/", form).status in (200, 404)


def test_a_run_that_changed_nobody_leaves_nothing_behind_and_says_why(site: Site, nora: Visitor) -> None:
    before = site.everything()
    done = act(nora, GUEST, NORA, confirmed="1")
    assert any("user.own_account" in message and "user.not_at_home" in message for message in done.messages)
    assert site.everything() == before
