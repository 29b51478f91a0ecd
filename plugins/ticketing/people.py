"""People / Front-End Members: the page of those who buy, and what makes some up for a demonstration."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from bo_panel.sdk import FieldType, ModelPage, PersonField, ProfileField

from .models import Member

PEOPLE = "ticketing.people"
FIELDS = (
    ProfileField("first_name", "First Name", required=True, searchable=True),
    ProfileField("last_name", "Last Name", required=True, searchable=True),
    ProfileField("email", "Email", FieldType.EMAIL, searchable=True),
    ProfileField("mobile", "Mobile", FieldType.PHONE, searchable=True),
    ProfileField("member_number", "Member Number", unique=True, searchable=True, help="Nobody else of the organization has the same."),
    ProfileField("joined", "Joined", FieldType.DATE),
    ProfileField("active", "Active", FieldType.YES_NO, required=True),
    ProfileField("note", "Note", FieldType.LONG_TEXT),
)

FIRST = ("Ada", "Ben", "Carla", "Dan", "Edith", "Finn", "Grace", "Hugo", "Ines", "Jonas", "Kim", "Lena", "Milo", "Nina", "Omar", "Priya")
LAST = ("Abbot", "Baker", "Carver", "Dyer", "Ellis", "Fisher", "Gardener", "Hooper", "Ironside", "Joiner", "Keeler", "Lister", "Mason", "Nash")
SINCE = date(2019, 1, 1)


def people_page(organization: str, group_leader: str) -> ModelPage:
    """Return the page, for members of units of one kind that people of one type look after."""
    return ModelPage(
        key=PEOPLE,
        label="People / Front-End Members",
        singular="Member",
        model=Member,
        unit="organization_id",
        unit_kinds=(organization,),
        fields=FIELDS,
        people=(PersonField(key="leader_id", label="Group Leader", roles=(f"type:{group_leader}",), help="Who looks after this member."),),
        name=("first_name", "last_name"),
        order=("last_name", "first_name"),
        columns=("email", "mobile", "member_number", "joined", "active", "leader_id"),
        sort=("email", "joined"),
        filters=("first_name", "last_name", "email", "mobile", "member_number", "active", "joined", "leader_id"),
        view=f"{PEOPLE}:view",
        edit=f"{PEOPLE}:edit",
        delete=f"{PEOPLE}:delete",
        subtitle="Those who buy from your organization. They have no account in this back office.",
        menu="Public",
        icon="contact",
        sample=made_up,
        samples=12,
    )


def made_up(random: Random) -> Mapping[str, str]:
    """Return what could be typed for somebody."""
    first, last = random.choice(FIRST), random.choice(LAST)
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}@customers.example".lower() if random.random() < 0.8 else "",
        "mobile": f"+44 20 7946 {random.randrange(1_000):04}" if random.random() < 0.6 else "",
        "member_number": f"M-{random.randrange(10**9):09}" if random.random() < 0.9 else "",
        "joined": (SINCE + timedelta(days=random.randrange(2_700))).isoformat(),
        "active": "yes" if random.random() < 0.9 else "no",
    }
