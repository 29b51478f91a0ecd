"""Nothing on the hot path calls a plugin: what they declare was compiled at the start."""


import pluggy
import pytest

from tests.browsing import Visitor
from tests.site import ADA, Site


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hooks that are called from now on."""
    seen: list[str] = []
    plain = pluggy.HookCaller.__call__

    def counted(self: pluggy.HookCaller, **values: object) -> object:
        seen.append(self.name)
        return plain(self, **values)

    monkeypatch.setattr(pluggy.HookCaller, "__call__", counted)
    return seen


def test_a_warm_list_calls_no_plugin(site: Site, nora: Visitor, calls: list[str]) -> None:
    nora.get("/users/")
    calls.clear()

    for address in ("/users/", "/users/?search=ada", "/users/?status=active&sort=-id", f"/users/edit/?id={ADA}", "/roles/", "/"):
        assert nora.get(address).status == 200
    assert calls == []

    nora.post("/users/action/", {"csrf_token": nora.token(), "action": "disable", "confirmed": "1", "ids": str(ADA)})
    assert "bo_object" in calls  # it is counted
