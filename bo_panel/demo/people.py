"""The people of a demonstration: who they are, how they are reached, and when they were last seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from bo_panel.demo.names import UserNames, draw_name, stretched, user_name_for
from bo_panel.domain.lifecycle import Status
from bo_panel.models import NEVER

STATUSES = (Status.ACTIVE, Status.DISABLED, Status.INVITED, Status.ARCHIVED, Status.DELETED)
STATUS_WEIGHTS = tuple(accumulate((78, 10, 7, 2, 3)))
THREE_YEARS = timedelta(days=3 * 365)

PHONES = ("+44 20 7946 0{:03}", "+1 202-555-01{:02}", "+61 2 5550 {:04}", "+33 1 99 00 {:02} {:02}", "+49 30 23125{:03}", "+353 20 910 {:04}")
"""Numbers that regulators keep for stories, in the form that is stored."""


@dataclass(frozen=True, slots=True)
class Person:
    """What an account says of somebody."""

    user_name: str
    first_name: str
    last_name: str
    email: str | None
    deliverable: bool
    phone: str | None
    status: Status
    last_sign_in: datetime
    created_at: datetime
    deleted_at: datetime | None

    @property
    def fields(self) -> dict[str, str | None]:
        """The fields that are found and sorted by."""
        return {"user_name": self.user_name, "first_name": self.first_name, "last_name": self.last_name, "email": self.email, "phone": self.phone}


@dataclass(frozen=True, slots=True)
class Life:
    """Where an account stands, and its moments."""

    status: Status
    created_at: datetime
    last_sign_in: datetime = NEVER
    deleted_at: datetime | None = None


class People:
    """Draws people, each with a user name and an e-mail address of his own."""

    def __init__(self, random: Random, now: datetime, email_domain: str, email_required: bool) -> None:
        """Take the rules that a deployment has for e-mail."""
        self._random = random
        self._now = now
        self._domain = email_domain
        self._email_required = email_required
        self._user_names = UserNames()
        self._drawn = 0

    def named(self, user_name: str, first_name: str = "", last_name: str = "") -> Person:
        """Return somebody with this user name who can sign in; the name of the person is drawn unless it is given."""
        given, family = draw_name(self._random)
        user_name = self._user_names.take(user_name)
        seen = self._now - timedelta(minutes=self._random.randrange(10, 3000))
        created = self._now - timedelta(days=self._random.randrange(400, 1400))
        first, last = first_name or given.native, last_name or family.native
        email = f"{user_name}@{self._domain}"
        return Person(user_name, first, last, email, True, self._phone(), Status.ACTIVE, seen, created, None)

    def able(self) -> Person:
        """Return somebody who can sign in."""
        given, family = draw_name(self._random)
        return self.named(user_name_for(given, family, self._random), given.native, family.native)

    def anybody(self) -> Person:
        """Return somebody, now and then an odd one."""
        self._drawn += 1
        given, family = draw_name(self._random)
        user_name = self._user_names.take(user_name_for(given, family, self._random))
        first, last = self._written(given.native, family.native)
        email, deliverable = self._email(user_name)
        life = self._life()
        return Person(user_name, first, last, email, deliverable, self._phone(), life.status, life.last_sign_in, life.created_at, life.deleted_at)

    def _written(self, first: str, last: str) -> tuple[str, str]:
        if self._drawn % 1200 == 40:
            return stretched(first), stretched(last)
        if self._drawn % 300 == 7:
            return first.upper(), last.upper()
        return ("", last) if self._drawn % 400 == 9 else (first, last)

    def _email(self, user_name: str) -> tuple[str | None, bool]:
        chance = self._random.random()
        if chance < 0.03:
            return f"none.{user_name}@placeholder.{self._domain}", False
        if chance < 0.06 and not self._email_required:
            return None, False
        return f"{user_name}@{self._domain}", True

    def _phone(self) -> str | None:
        """Return no number for a third, the number of a desk for many, and one of his own for the rest."""
        chance = self._random.random()
        if chance < 0.33:
            return None
        pattern = PHONES[0] if chance < 0.45 else self._random.choice(PHONES)
        highest = 12 if chance < 0.45 else 10_000
        widths = (int(part[2]) for part in pattern.split("{")[1:])
        return pattern.format(*(self._random.randrange(min(10**width, highest)) for width in widths))

    def _life(self) -> Life:
        [status] = self._random.choices(STATUSES, cum_weights=STATUS_WEIGHTS)
        age = THREE_YEARS * 1.3 * self._random.random() + timedelta(hours=1)
        created = self._now - age
        if status is Status.INVITED:
            return Life(status, self._now - min(age, timedelta(days=60) * self._random.random()))
        seen = self._now - min(age, THREE_YEARS * self._random.random() ** (5 if status is Status.ACTIVE else 1))
        seen = NEVER if self._random.random() < 0.08 else seen
        gone = self._now - (self._now - max(seen, created)) * self._random.random() if status is Status.DELETED else None
        return Life(status, created, seen, gone)
