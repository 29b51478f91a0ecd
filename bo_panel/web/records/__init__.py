"""The pages over tables of plugins: their records, and their forms."""

from bo_panel.web.records.view import RecordsView

__all__ = ["RecordsView"]
