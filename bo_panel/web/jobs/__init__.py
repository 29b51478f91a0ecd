"""The pages of the jobs."""

from bo_panel.web.jobs.view import JobsView

__all__ = ["JobsView"]
