"""Every endpoint is classified: who may reach it, how, and that looking changes nothing."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_admin.contrib.sqla import ModelView
from werkzeug.routing import Rule

import bo_panel.web.security.gate as gate
from bo_panel.web.base import Guarded, PanelView
from tests.browsing import Visitor
from tests.site import ADA, Site

PUBLIC = {"assets", "favicon", "sign_in.index", "sign_in.leave"}
ANSWERING = {
    "admin.index",
    "users.index_view",
    "users.create_view",
    "users.edit_view",
    "users.action_view",
    "users.refused_view",
    "users.several_view",
    "users.ajax_lookup",
    "users.roles_lookup",
    "users.states_lookup",
    "users.picture_view",
    "everybody.index_view",
    "everybody.refused_view",
    "everybody.run_view",
    "export.index_view",
    "access.index_view",
    "access.places_lookup",
    "policy.index_view",
    "units.index_view",
    "units.show_view",
    "units.create_view",
    "units.edit_view",
    "units.move_view",
    "units.parents_lookup",
    "units.feature_view",
    "units.settings_view",
    "units.clear_cache_view",
    "roles.index_view",
    "roles.create_view",
    "roles.edit_view",
    "roles.remove_view",
    "profile_fields.index_view",
    "profile_fields.add_view",
    "profile_fields.edit_view",
    "profile_fields.move_view",
    "profile_fields.remove_view",
    "profile_fields.bring_back_view",
    "profile_fields.purge_view",
    "jobs.index_view",
    "jobs.show_view",
    "jobs.tray_view",
    "jobs.cancel_view",
    "jobs.refused_view",
    "jobs.undo_view",
    "jobs.undo_refused_view",
    "jobs.file_view",
    "changes.index_view",
    "changes.refused_view",
    "audit.index_view",
    "plugins.index_view",
    "plugins.show_view",
    "plugins.at_view",
    "plugins.switch_view",
    "account.index",
    "account.password",
}
"""All there is. A new endpoint is written down here on purpose, and then passes every test of this file and of tests/web."""
WITHOUT_CHANGE = re.compile(r"\s*(SELECT|WITH|PRAGMA|BEGIN|SAVEPOINT|RELEASE|SHOW)\b", re.IGNORECASE)
ROOT = Path(__file__).parents[2]
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "plugins").rglob("templates/**/*.html")])


def rules(site: Site, method: str) -> Iterator[tuple[Rule, str]]:
    """Yield every rule that takes a method, with an address for it."""
    for rule in site.app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule, re.sub(r"<[^>]+>", "csv", rule.rule) + f"?id={ADA}"


def named(site: Site) -> set[str]:
    """Return the endpoints that some view names in its `needs`."""
    views = [view for view in site.app.extensions["admin"][0]._views if isinstance(view, Guarded)]
    return {f"{view.endpoint}.{name}" for view in views for name in view.needs}


def test_the_endpoints_that_answer_are_exactly_those_written_down(site):
    assert gate.PUBLIC == PUBLIC
    assert named(site) == ANSWERING


def test_every_view_of_flask_admin_is_guarded(site):
    views = site.app.extensions["admin"][0]._views

    assert views
    assert all(isinstance(view, Guarded) for view in views)


def test_who_is_not_signed_in_is_sent_to_sign_in_from_everywhere_but_the_public_pages(site):
    for method in ("GET", "HEAD", "OPTIONS"):
        for rule, address in rules(site, method):
            if rule.endpoint not in PUBLIC:
                page = Visitor(site.app).ask(method, address)
                assert (page.status, page.headers.get("Location", "").split("?")[0]) == (303, "/sign-in"), (method, address)


def test_who_is_not_signed_in_is_told_so_in_data_where_data_is_asked_for(site):
    page = Visitor(site.app).ask("GET", "/users/roles/?home=2", headers={"Accept": "application/json"})

    assert page.status == 401
    assert page.json["code"] == "sign_in.required"


def test_every_post_without_a_token_is_refused_and_writes_nothing(site, boss):
    before = site.everything()
    for _rule, address in rules(site, "POST"):
        for form in ({}, {"csrf_token": "forged"}):
            page = boss.ask("POST", address, data=form)
            assert (page.status, page.codes) == (400, ["form.stale"]), address
    assert site.everything() == before


def test_a_token_of_somebody_else_is_refused(site, boss, nora):
    page = nora.post("/users/action/", {"csrf_token": boss.token(), "ids": str(ADA), "action": "disable", "confirmed": "1"})

    assert (page.status, page.codes) == (400, ["form.stale"])


def test_no_get_writes(site, boss):
    with site.statements() as seen:
        for _rule, address in rules(site, "GET"):
            boss.ask("GET", address)

    assert len(seen) > 20
    assert [statement for statement in seen if not WITHOUT_CHANGE.match(statement)] == []


def test_the_only_thing_a_get_ever_writes_is_when_the_session_was_last_seen(site, boss):
    site.panel.clock.forward(minutes=5)
    with site.statements() as seen:
        boss.get("/users/")

    assert [re.sub(r"\s+", " ", statement)[:27] for statement in seen if not WITHOUT_CHANGE.match(statement)] == ["UPDATE session SET seen_at="]


def test_what_no_view_names_answers_as_if_it_did_not_exist(site, boss):
    token = boss.token()
    for method in ("GET", "POST"):
        for rule, address in rules(site, method):
            if rule.endpoint not in PUBLIC | ANSWERING:
                page = boss.ask(method, address, data={"csrf_token": token, "id": ADA, "action": "delete", "rowid": ADA})
                assert (page.status, page.codes) == (404, ["not_found"]), (method, address)


def test_an_endpoint_that_changes_takes_no_get(site, boss):
    for address in ("/users/action/", "/users/several/", "/sign-out", "/users/delete/"):
        assert boss.ask("GET", address).status in (404, 405)


def test_the_panels_view_is_the_only_subclass_of_flask_admins_model_view(site):
    def below(found: type) -> Iterator[type]:
        for one in found.__subclasses__():
            yield one
            yield from below(one)

    ours = [found for found in below(ModelView) if found.__module__.split(".")[0] in ("bo_panel", "plugins")]
    direct = [found for found in ours if not issubclass(found, PanelView) or found is PanelView]
    assert direct == [PanelView]


def test_no_module_but_the_base_knows_flask_admins_model_view():
    knowing = [path for folder in ("bo_panel", "plugins") for path in sorted((ROOT / folder).rglob("*.py")) if "ModelView" in path.read_text()]

    assert [str(path.relative_to(ROOT)) for path in knowing] == ["bo_panel/web/base.py"]


def test_flask_admins_own_files_are_not_served(site, boss):
    assert not [rule for rule in site.app.url_map.iter_rules() if "static" in rule.endpoint]
    assert boss.ask("GET", "/static/admin/js/actions.js").status == 404


def test_no_view_reads_or_writes_past_queries_and_the_engine():
    forbidden = {"execute", "scalars", "scalar", "add", "commit", "delete", "merge", "flush"}
    for path in sorted((ROOT / "bo_panel" / "web").rglob("*.py")):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
        found = [call.attr for call in calls if call.attr in forbidden and "session" in ast.unparse(call.value)]
        assert not found, path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_anything_that_a_strict_policy_forbids(path):
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)

    assert not re.search(r"\|\s*safe\b|\{%-?\s*autoescape\s+false", source)
    assert not re.search(r"\son[a-z]+\s*=|\sstyle\s*=|javascript:|<style\b", source)
    for attributes in re.findall(r"<script\b([^>]*)>", source):
        assert 'type="application/json"' in attributes or "src=" in attributes


def test_nothing_marks_data_as_safe_but_icons_and_what_templates_drew():
    marking = [path for path in sorted((ROOT / "bo_panel" / "web").rglob("*.py")) if re.search(r"\bMarkup\b", path.read_text())]

    assert [path.name for path in marking] == ["drawing.py", "drawn.py", "forms.py", "routes.py"]
    assert "Markup(f" not in inspect.getsource(__import__("bo_panel.web.theme.routes", fromlist=["x"]))
