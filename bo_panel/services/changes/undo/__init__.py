"""Taking back what a run of the engine did: exactly that, and only of those whom nobody has changed since."""

from bo_panel.services.changes.undo.reading import check_undoable, undo_of
from bo_panel.services.changes.undo.restore import EVENT, RestoreUsers

__all__ = ["EVENT", "RestoreUsers", "check_undoable", "undo_of"]
