"""What plugin authors and the panel's own tests share: a panel on a throw-away database, filled cheaply."""

from bo_panel.testing.clock import StillClock
from bo_panel.testing.passwords import CheapHasher
from bo_panel.testing.statements import counted
from bo_panel.testing.stores import PostgresStore, SqliteStore, Store
from bo_panel.testing.world import World

__all__ = ["CheapHasher", "PostgresStore", "SqliteStore", "StillClock", "Store", "World", "counted"]
