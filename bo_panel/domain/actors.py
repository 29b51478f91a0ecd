"""Who acts, through which door."""

from dataclasses import dataclass

from bo_panel.domain.access import OWNER, Access, Catalogue, Held, Vector
from bo_panel.domain.units import UnitPath

ROOT = UnitPath.of(1)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or the console, with what he holds at this moment."""

    user_id: int | None
    name: str
    access: Access
    door: str = "web"


def console(catalogue: Catalogue, name: str = "console") -> Actor:
    """Return the actor behind the command line: whoever can start it owns the installation."""

    def vector_of(_role: str) -> Vector:
        return catalogue.everything

    return Actor(None, name, Access(catalogue, (Held(ROOT, OWNER),), vector_of), door="console")
