"""Fixtures of the faults: a deployment with workers of its own, in the short form and in the full one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_panel.testing import Store
from tests.faults.stage import FULL, SHORT, Form, Stage


@pytest.fixture(params=[SHORT, pytest.param(FULL, marks=pytest.mark.faults)], ids=lambda form: form.name)
def form(request: pytest.FixtureRequest) -> Form:
    """How large it is done."""
    found: Form = request.param
    return found


@pytest.fixture
def stage(store: Store, tmp_path: Path, form: Form) -> Iterator[Stage]:
    """A deployment on either database, with nobody in it."""
    yield from staged(store, tmp_path, form)


def staged(store: Store, folder: Path, form: Form, **settings: str) -> Iterator[Stage]:
    """Yield a deployment on an emptied database, with some settings of its own, and end what it started."""
    emptied = store.fresh(folder)
    url = emptied.database.url.render_as_string(hide_password=False)
    emptied.database.dispose()
    found = Stage(folder / "deployment", form, {"DATABASE_URL": url, **settings})
    yield found
    found.close()
