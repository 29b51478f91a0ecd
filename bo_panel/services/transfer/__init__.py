"""Tables of users that leave the panel: read in one moment, written piece by piece, never held as a whole."""

from bo_panel.services.transfer.asked import Export
from bo_panel.services.transfer.export import Exporter, Reading
from bo_panel.services.transfer.records import pieces_of
from bo_panel.services.transfer.writing import Piece

__all__ = ["Export", "Exporter", "Piece", "Reading", "pieces_of"]
