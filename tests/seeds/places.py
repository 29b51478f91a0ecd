"""The fields of places in the form of a back-office user, as they are filled in and read."""

from bo_panel.domain.units import UnitPath
from bo_panel.queries.access import access_of
from tests.browsing import Page, Visitor
from tests.html_tree import Node
from tests.site import ACCOUNT, NORTH, PLATFORM_USER, SUB_ACCOUNT, Site

ACCOUNTS, SUB_ACCOUNTS = f"units:{ACCOUNT}", f"units:{SUB_ACCOUNT}"
RULE = "Sub-Accounts are chosen inside one Platform Account. Choose one Platform Account, or several whole ones."
NEW = {"user_name": "dora", "first_name": "Dora", "last_name": "Day", "email": "dora@north.example"}


def add(browser: Visitor, **places: str | list[str]) -> Page:
    """Send the form for somebody new, a platform user unless said otherwise, with these places."""
    values = {**NEW, "home": str(NORTH), "role": PLATFORM_USER, **places}
    return browser.submit(browser.get("/users/new/"), "/users/new/", **values)


def form_of(browser: Visitor, name: str) -> Page:
    """Return the form of somebody who is on the list."""
    return browser.get(browser.get("/users/").link(name))


def held(site: Site, name: str = "dora") -> set[tuple[str, int]]:
    """Return what somebody holds, being a member at home apart."""
    site.world.session.rollback()
    found = next(int(row["data-id"]) for row in site.visitor("boss").get(f"/users/?search={name}").rows)
    return {grant for grant in site.world.held(found) if grant[0] != "member"}


def works_at(site: Site, path: UnitPath, name: str = "dora") -> bool:
    """Return whether somebody may use the telephone numbers of a unit."""
    site.world.session.rollback()
    user_id = next(int(row["data-id"]) for row in site.visitor("boss").get(f"/users/?search={name}").rows)
    access = access_of(site.world.session, user_id, site.panel.registry, site.world.now)
    return access.allows("service_provider.numbers", "edit", path)


def tokens(page: Page, label: str) -> list[str]:
    """Return the places chosen in a field."""
    return [token.first("bdi").text for token in field(page, label).all("li", class_="token")]


def is_all(page: Page, label: str) -> bool:
    """Return whether all of them are chosen."""
    [box] = field(page, label).all("input", type="checkbox")
    return "checked" in box


def field(page: Page, label: str) -> Node:
    """Return everything that belongs to the field with this label."""
    names = (node.first("label", class_="field-label").text for node in page.tree.all("div", data_kind="units"))
    return dict(zip(names, page.tree.all("div", data_kind="units"), strict=True))[label]


def is_open(page: Page, label: str) -> bool:
    """Return whether places can be searched and chosen in a field."""
    return "disabled" not in page.control(label)
