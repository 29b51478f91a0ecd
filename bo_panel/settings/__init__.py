"""Typed configuration: a default file, a deployment's file, an optional further file, then the environment."""

from bo_panel.settings.loading import load
from bo_panel.settings.model import Settings
from bo_panel.settings.problems import Problem, SettingsError

__all__ = ["Problem", "Settings", "SettingsError", "load"]
