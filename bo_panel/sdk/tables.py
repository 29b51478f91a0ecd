"""A plugin's own tables: a base with metadata of its own, in which every table carries the plugin's prefix."""

from sqlalchemy import MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase

from bo_panel.hooks.plugin import table_prefix

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_PREFIX = "bo_panel.prefix"


def plugin_base(name: str) -> type[DeclarativeBase]:
    """Return the base for the models of the plugin `name`: its tables must be called `p_<name>_…`."""
    own = MetaData(naming_convention=NAMING, info={_PREFIX: table_prefix(name)})
    return type("PluginBase", (DeclarativeBase,), {"metadata": own, "__doc__": f"The base of the models of {name}."})


@event.listens_for(Table, "after_parent_attach")
def _keep_to_prefix(table: Table, parent: MetaData) -> None:
    prefix = parent.info.get(_PREFIX, "")
    if not table.name.startswith(prefix):
        raise ValueError(f"the table {table.name} must be called {prefix}…, so that it is seen whose it is")
