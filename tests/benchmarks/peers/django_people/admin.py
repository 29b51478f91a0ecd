"""The list of the users in Django's admin."""

from typing import Any

from django.contrib import admin

from tests.benchmarks.peers import COLUMNS, SEARCHED, SHOWN
from tests.benchmarks.peers.django_people.models import User


@admin.register(User)
class Users(admin.ModelAdmin):
    list_display = tuple("roles" if column == "grants" else column for column in COLUMNS)
    list_per_page = SHOWN
    list_select_related = ("home",)
    list_filter = ("status",)
    search_fields = SEARCHED
    ordering = ("sort_name", "id")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("grants")

    def roles(self, user: User) -> str:
        return ", ".join(grant.role_key for grant in user.grants.all())
