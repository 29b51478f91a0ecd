"""The one sign-in machine: names, passwords, throttle and sessions."""

from bo_panel.services.sign_in.machine import Refused, SignIn, Welcome
from bo_panel.services.sign_in.passwords import Passwords

__all__ = ["Passwords", "Refused", "SignIn", "Welcome"]
