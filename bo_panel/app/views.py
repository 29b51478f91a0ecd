"""The pages of the application, in the order of the menu."""

from flask import Flask
from flask_admin import Admin
from flask_babel import lazy_gettext

from bo_panel.bootstrap import Panel
from bo_panel.web.access import AccessView
from bo_panel.web.account import AccountView
from bo_panel.web.audit import AuditView
from bo_panel.web.changes import ChangesView
from bo_panel.web.jobs import JobsView
from bo_panel.web.overview import OverviewView
from bo_panel.web.plugins import PluginsView
from bo_panel.web.profile_fields import ProfileFieldsView
from bo_panel.web.records import RecordsView
from bo_panel.web.roles import RolesView
from bo_panel.web.theme import PanelTheme
from bo_panel.web.units import UnitsView
from bo_panel.web.users import EverybodyView, ExportView, PolicyView, UsersView


def add_views(app: Flask, panel: Panel) -> Admin:
    """Return the menu of the pages, each added to the application."""
    words = panel.settings.words
    admin = Admin(app, name=words.product, url="/", index_view=OverviewView(), theme=PanelTheme())
    admin.add_view(UsersView(words.users, words.users_section))
    admin.add_view(EverybodyView(words.users))
    admin.add_view(ExportView(words.users))
    admin.add_view(AccessView(words.users))
    admin.add_view(PolicyView(words.users))
    admin.add_view(UnitsView(words.units, words.users_section))
    admin.add_view(RolesView(words.roles, words.users_section))
    admin.add_view(ProfileFieldsView(words.profile_form, words.users_section))
    for page in panel.registry.pages.values():
        admin.add_view(RecordsView(page))
    admin.add_view(AuditView(lazy_gettext("Audit log"), lazy_gettext("Oversight")))
    admin.add_view(ChangesView(lazy_gettext("Changes")))
    admin.add_view(JobsView(lazy_gettext("Jobs"), lazy_gettext("Oversight")))
    admin.add_view(PluginsView(lazy_gettext("Plugins"), lazy_gettext("Oversight")))
    admin.add_view(AccountView())
    return admin
