"""The plugin `ticketing`: what a deployment may say about it."""

import pytest

from bo_panel.hooks.host import Host
from bo_panel.settings import Settings
from bo_panel.settings.loading import ROOT


@pytest.mark.parametrize(("image", "number"), [(True, True), (False, True), (True, False), (False, False)])
def test_a_deployment_says_whether_people_have_pictures_and_member_numbers(image: bool, number: bool) -> None:
    settings = {"deployment": {"plugins": ["ticketing"]}, "plugins": {"ticketing": {"profile_image": image, "member_number": number}}}
    declared = Host.compile(Settings.model_validate(settings), ROOT).registry.profile_fields

    assert ("ticketing.profile_image" in declared, "ticketing.member_number" in declared) == (image, number)
