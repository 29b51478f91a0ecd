"""Everything that is wrong is told together: one thing hides no other."""

from collections.abc import Callable
from pathlib import Path

Write = Callable[..., Path]
Problems = Callable[..., list[str]]


def test_a_wrong_configuration_hides_nothing_else_of_its_plugin(write: Write, problems: Problems) -> None:
    body = """
    class Config(PluginConfig):
        seats: int
        label: str
        wait: __import__("datetime").timedelta = __import__("datetime").timedelta(1)
    @hookimpl
    def bo_rols(self): return []
    @hookimpl
    def bo_tabs(self): yield Tab("a.x", self.config.label, ())
    @hookimpl
    def bo_features(self): yield Feature("a.f", f"Waits for {self.config.wait.seconds}", 7)
    @hookimpl
    def bo_resources(self): yield Resource("a.r", "R", ("view",) * self.config.seats)
    """
    write("a", body)
    write("b", "@hookimpl\ndef bo_roles(self):\n    yield Role('b.r', 'R', {'a.r': 'view', 'a.s': 'view'})\n", more="requires=('a',)")

    assert problems("a", "b", toml="[plugins.a]\nseats = 'many'\nlabel = ''\nwait = 60\n") == [
        "a › seats: must be a valid integer, unable to parse string as an integer. Correct it in config/deployments/test.toml.",
        "a › bo_rols: there is no such hook. Did you mean bo_roles?",
        "a › bo_features › a.f › description: must be a valid string.",
        "a › bo_tabs › a.x › label: is empty. Say what people shall read.",
        "a › bo_tabs › a.x › statuses: is empty, so that nobody would ever be in it. Name at least one status.",
    ]


def test_a_plugin_that_cannot_be_made_of_half_a_configuration_is_told_once(write: Write, problems: Problems) -> None:
    body = """
    class Config(PluginConfig):
        seats: int
    def __init__(self, config):
        super().__init__(config)
        self.rows = 100 // config.seats
    """
    write("a", body)

    assert problems("a") == ["a › seats: is missing. Set it in config/deployments/test.toml, at [plugins.a]."]
