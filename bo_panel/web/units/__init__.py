"""The pages of the units."""

from bo_panel.web.units.view import UnitsView

__all__ = ["UnitsView"]
