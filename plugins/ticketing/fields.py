"""What a ticket office keeps of its people beside name and telephone; a deployment says which of it."""

from collections.abc import Iterator

from bo_panel.sdk import FieldType, PluginConfig, ProfileField

IMAGE = ProfileField("ticketing.profile_image", "Profile image", FieldType.IMAGE)
MEMBER_NUMBER = ProfileField("ticketing.member_number", "Member number", unique=True, searchable=True)


class TicketingConfig(PluginConfig):
    """What a deployment may say about this plugin."""

    profile_image: bool = True
    """Whether people may have a picture."""
    member_number: bool = True
    """Whether people may have a member number."""


def profile_fields(config: TicketingConfig) -> Iterator[ProfileField]:
    """Yield the fields that this deployment has, in the order of the form."""
    if config.profile_image:
        yield IMAGE
    if config.member_number:
        yield MEMBER_NUMBER
