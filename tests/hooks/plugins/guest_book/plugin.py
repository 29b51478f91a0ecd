"""A plugin with a table of its own, as a reseller would write one."""

from bo_panel.sdk import Plugin, PluginMeta

from .models import Entry


class GuestBook(Plugin):
    """Keeps what visitors wrote."""

    meta = PluginMeta(name="guest_book", version="1.0.0", api=">=1.0,<2")
    model = Entry
