"""A demonstration is made of whatever kinds and roles a deployment has."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.migrations import upgrade
from bo_panel.demo import DemoProblem, SignIns, fill, keep_sign_ins, read_sign_ins
from bo_panel.demo.signing_in import NamedPerson
from bo_panel.hooks.problems import PluginError
from bo_panel.models import Unit, User
from bo_panel.settings import Settings, load
from bo_panel.settings.loading import deployments
from bo_panel.settings.sections import Demo
from bo_panel.testing import CheapHasher

DEPLOYMENTS = [name for name in deployments() if load(name, {}).demo.tree]


def started(name: str, folder: Path) -> Panel:
    panel = Panel.start(load(name, {"DATABASE_URL": f"sqlite:///{folder / 'demo.db'}"}), hasher=CheapHasher())
    upgrade(panel)
    return panel


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_deployment_has_a_demonstration(name: str, tmp_path: Path) -> None:
    panel = started(name, tmp_path)

    told = fill(panel, 400)

    with panel.session() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 400
        owned = [kind for kind in panel.registry.kinds if panel.registry.needs_owner(kind)]
        founders = session.scalars(select(Unit.founder_email_key).where(Unit.kind.in_(owned))).all()
    assert len(founders) == len(set(founders) - {None})
    assert len({person.role for person in told.people}) > 2
    panel.database.dispose()


def test_a_tree_of_kinds_that_do_not_exist_is_told(tmp_path: Path) -> None:
    panel = started("service_provider", tmp_path)
    wrong = Demo.model_validate({"tree": [{"kind": "service_provider.planet", "count": 2}]})
    orphan = Demo.model_validate({"tree": [{"kind": "service_provider.account", "count": 2}]})

    for demo, says in ((wrong, "there is no unit kind"), (orphan, "can stand below none"), (Demo(), "names no units")):
        other = replace(panel, settings=panel.settings.model_copy(update={"demo": demo}))
        with pytest.raises(DemoProblem, match=says):
            fill(other, 10)
    panel.database.dispose()


ODD = {
    "takes nothing": (lambda: {}, "failed: TypeError at "),
    "returns nothing": (lambda _random: None, "failed: AttributeError at "),
    "gives a number": (lambda _random: {"email": 3}, "gives something else than texts by the keys of fields, such as 'email'."),
    "misspells a field": (lambda _random: {"emial": "x"}, "such as 'emial'. Did you mean email?"),
}


@pytest.mark.parametrize("case", ODD)
def test_what_a_plugin_makes_up_wrongly_is_told(case: str, tmp_path: Path) -> None:
    sample, says = ODD[case]
    panel = started("ticketing", tmp_path)
    pages = {key: replace(page, sample=sample) for key, page in panel.registry.pages.items()}
    other = replace(panel, host=replace(panel.host, registry=replace(panel.registry, pages=pages)))

    with pytest.raises(PluginError) as caught:
        fill(other, 60)
    assert says in str(caught.value) and "ticketing › bo_pages › ticketing.people › sample: " in str(caught.value)
    panel.database.dispose()


def test_the_password_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    (tmp_path / "config" / "deployments").mkdir(parents=True)
    (tmp_path / "config" / "deployments" / "shop.toml").touch()
    settings: Settings = load("shop", {}, root=tmp_path)
    told = SignIns("secret words", (NamedPerson("owner", "owner@example.com", "Owner", "Place with spaces"),))

    assert read_sign_ins(settings) is None
    keep_sign_ins(settings, told)
    keep_sign_ins(settings, told)

    assert read_sign_ins(settings) == told
    assert (settings.data_folder / "demo-sign-in.txt").stat().st_mode & 0o777 == 0o600
