"""Signing in and out."""

from bo_panel.web.sign_in.view import pages

__all__ = ["pages"]
