"""A plugin's own tables: a base with metadata of its own, in which every table carries the plugin's prefix."""

from typing import Any

from sqlalchemy import ForeignKey, MetaData, Table, Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from bo_panel.hooks.plugin import table_prefix
from bo_panel.models import Unit, User
from bo_panel.models.base import Id, Key
from bo_panel.models.unit import FOLDED

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_PREFIX = "bo_panel.prefix"


class RecordColumns:
    """What a model needs for a `ModelPage`, beside what people fill in; the panel fills these in itself."""

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    sort_key: Mapped[str] = mapped_column(FOLDED, default="", server_default="")
    """What the list is sorted by, without regard to case and accents."""
    document: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the search looks through."""


def plugin_base(name: str) -> type[DeclarativeBase]:
    """Return the base for the models of the plugin `name`: its tables must be called `p_<name>_…`."""
    own = MetaData(naming_convention=NAMING, info={_PREFIX: table_prefix(name)})
    return type("PluginBase", (DeclarativeBase,), {"metadata": own, "__doc__": f"The base of the models of {name}."})


def unit_reference() -> MappedColumn[Any]:
    """Return a column with the id of a unit; rows go with their unit."""
    return mapped_column(Id, ForeignKey(Unit.__table__.c.id, ondelete="CASCADE"))


def user_reference() -> MappedColumn[Any]:
    """Return a column with the id of a user, or nothing; rows stay when he goes."""
    return mapped_column(Id, ForeignKey(User.__table__.c.id, ondelete="SET NULL"), nullable=True)


@event.listens_for(Table, "after_parent_attach")
def _keep_to_prefix(table: Table, parent: MetaData) -> None:
    prefix = parent.info.get(_PREFIX, "")
    if not table.name.startswith(prefix):
        raise ValueError(f"the table {table.name} must be called {prefix}…, so that it is seen whose it is")
