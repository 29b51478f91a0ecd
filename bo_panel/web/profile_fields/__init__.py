"""The User Profile Form Editor: the fields that a unit owns."""

from bo_panel.web.profile_fields.view import ProfileFieldsView

__all__ = ["ProfileFieldsView"]
