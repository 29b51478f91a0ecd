"""The addresses that actions of plugins can lead to are the pages of the panel that are about nobody in particular."""

from bo_panel.hooks.pages import CORE_PAGES
from tests.site import Site


def test_a_plugin_can_lead_to_every_page_that_is_about_nobody(site: Site) -> None:
    boss = site.visitor("boss")
    rules = {rule.rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments}

    answers = {rule: boss.get(rule) for rule in sorted(rules)}

    there = {rule for rule, page in answers.items() if page.status == 200 and "text/html" in page.response.content_type}
    assert there - {"/sign-in"} == CORE_PAGES
