"""My account."""

from bo_panel.web.account.view import AccountView

__all__ = ["AccountView"]
