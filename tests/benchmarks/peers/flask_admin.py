"""Stock Flask-Admin: one ModelView over the table of the users."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from sqlalchemy import URL, ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, scoped_session, sessionmaker

from tests.benchmarks.measuring import Pages
from tests.benchmarks.peers import COLUMNS, SEARCHED, SHOWN
from tests.benchmarks.works import Work


class Base(DeclarativeBase):
    """The tables as this peer sees them."""


class Unit(Base):
    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def __str__(self) -> str:
        return self.name


class Grant(Base):
    __tablename__ = "grant"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role_key: Mapped[str]

    def __str__(self) -> str:
        return self.role_key


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    user_name: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    sort_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    status: Mapped[str]
    last_sign_in: Mapped[datetime]
    home: Mapped[Unit] = relationship()
    grants: Mapped[list[Grant]] = relationship()


class Users(ModelView):
    """The list."""

    page_size = SHOWN
    column_list = COLUMNS
    column_default_sort = "sort_name"
    column_searchable_list = SEARCHED
    column_filters = ("status", "home_id")
    column_select_related_list = (User.grants,)
    named_filter_urls = True


@dataclass(frozen=True, slots=True)
class FlaskAdmin:
    """It, started."""

    pages: Pages
    name: str = "Flask-Admin"

    @classmethod
    def over(cls, url: URL) -> "FlaskAdmin":
        """Start it over a database."""
        return cls(Pages(application(url), ""))

    def address(self, work: Work, page: int) -> str:
        """Return the address of a page."""
        pairs = [("page", page - 1)] if page > 1 else []
        pairs += [("search", work.search)] if work.search else []
        pairs += [("flt0_status_equals", work.status)] if work.status else []
        pairs += [("flt1_home_id_equals", work.beneath.unit_id)] if work.beneath else []
        if work.order.key == "last_sign_in":
            pairs += [("sort", COLUMNS.index("last_sign_in")), ("desc", 1)]
        return f"/admin/user/?{urlencode(pairs)}"


def application(url: URL) -> Flask:
    """Return the application."""
    app = Flask("flask_admin_peer")
    app.secret_key = "peer" * 10
    Babel(app)
    session = scoped_session(sessionmaker(create_engine(url)))
    Admin(app, name="peer").add_view(Users(User, session, endpoint="user", url="user"))
    app.teardown_appcontext(lambda _problem: session.remove())
    return app
