"""The audit log."""

from bo_panel.web.audit.view import AuditView

__all__ = ["AuditView"]
