"""What belongs to the request being answered: the panel, its session, and who is asking."""

from typing import NamedTuple, cast

from flask import current_app, g, request
from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import Access
from bo_panel.domain.actors import Actor
from bo_panel.models import Base
from bo_panel.queries.sessions import SignedIn
from bo_panel.queries.visible import Scope

db = SQLAlchemy(model_class=Base)


class Face(NamedTuple):
    """What the top bar shows of whoever is signed in."""

    name: str
    initials: str
    hue: int
    address: str


class Me(UserMixin):
    """Who is signed in, as templates and Flask-Login see it."""

    def __init__(self, signed_in: SignedIn) -> None:
        """Keep what the session says."""
        self.signed_in = signed_in
        self.id = signed_in.user_id
        self.name = signed_in.name
        self.user_name = signed_in.user_name
        self.email = signed_in.email or ""
        self.initials = initials(signed_in.first_name, signed_in.last_name, signed_in.user_name)
        self.hue = hue(signed_in.user_id)

    @property
    def face(self) -> Face:
        """What the top bar shows."""
        return Face(self.name, self.initials, self.hue, self.email or self.user_name)

    @property
    def access(self) -> Access:
        """What this person may do."""
        return self.signed_in.access


def panel() -> Panel:
    """Return the panel that this application serves."""
    return cast(Panel, current_app.extensions["bo_panel"])


def session() -> Session:
    """Return the database session of this request."""
    return cast(Session, db.session())


def cookie_name() -> str:
    """Return the name of the cookie that holds a session's secret."""
    return "__Host-bo_session" if panel().settings.server.https else "bo_session"


def visitor() -> Me | None:
    """Return who is signed in, or None; asked of the database once per request."""
    try:
        return cast("Me | None", g.bo_me)
    except AttributeError:
        token = request.cookies.get(cookie_name(), "")
        here = request.headers.get("X-Requested-With") != "poll"
        found = panel().sign_in.who(session(), token, here=here) if token else None
        g.bo_me = Me(found) if found else None
        return cast("Me | None", g.bo_me)


def me() -> Me:
    """Return who is signed in, where nobody else can be."""
    found = visitor()
    if found is None:
        raise RuntimeError("an endpoint that needs somebody signed in was reached without")
    return found


def actor() -> Actor:
    """Return who acts in this request."""
    return Actor(me().id, me().user_name, me().access, door="web")


def scope(resource: str, level: str = "view") -> Scope:
    """Return where the person asking holds this level of a resource."""
    return Scope(me().access.reach(resource, level))


def initials(first_name: str, last_name: str, user_name: str) -> str:
    """Return one or two letters that stand for a person."""
    letters = [word[0] for word in (first_name.strip(), last_name.strip()) if word]
    return "".join(letters).upper() or user_name[:2].upper()


def hue(row_id: int) -> int:
    """Return the colour (0 to 7) of an avatar."""
    return row_id * 5 % 8
