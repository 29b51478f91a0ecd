"""What guards every request: who is signed in, headers, and what is said when something is refused."""

from bo_panel.web.security.gate import guard_every_request
from bo_panel.web.security.headers import add_headers
from bo_panel.web.security.refusals import answer_refusals
from bo_panel.web.security.uploads import allow_uploads

__all__ = ["add_headers", "allow_uploads", "answer_refusals", "guard_every_request"]
