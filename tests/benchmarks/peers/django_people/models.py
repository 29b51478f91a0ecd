"""The tables as Django sees them."""

from typing import Any

from django.db import models


class Unit(models.Model):
    name = models.CharField(max_length=120)

    class Meta:
        managed = False
        db_table = "unit"

    def __str__(self) -> str:
        return str(self.name)


class User(models.Model):
    home = models.ForeignKey(Unit, models.DO_NOTHING)
    user_name = models.CharField(max_length=120)
    first_name = models.CharField(max_length=120)
    last_name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=240)
    email = models.CharField(max_length=254, null=True)
    phone = models.CharField(max_length=40, null=True)
    status = models.CharField(max_length=12, choices=[(word, word.capitalize()) for word in ("active", "disabled", "invited", "archived", "deleted")])
    last_sign_in = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "user"


class Grant(models.Model):
    user = models.ForeignKey(User, models.DO_NOTHING, related_name="grants")
    role_key = models.CharField(max_length=120)

    class Meta:
        managed = False
        db_table = "grant"


class Router:
    """Sends the people to the database that is measured, and what Django needs for itself to one of its own."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return "measured" if model._meta.app_label == "django_people" else "default"

    db_for_write = db_for_read

    def allow_relation(self, *_objects: Any, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, database: str, _label: str, **_hints: Any) -> bool:
        return database == "default"
