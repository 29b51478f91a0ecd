"""What a field service keeps of its people beside name and telephone."""

from collections.abc import Iterator

from bo_panel.sdk import FieldType, ProfileField

COMPANY = ProfileField("field_service.company", "Company", searchable=True)
ADDRESS = ProfileField("field_service.address", "Address", searchable=True)
CITY = ProfileField("field_service.city", "City", searchable=True)
COUNTRY = ProfileField("field_service.country", "Country", FieldType.COUNTRY)
STATE = ProfileField("field_service.state", "State/Province", FieldType.STATE, depends_on=COUNTRY.key)
POSTAL_CODE = ProfileField("field_service.postal_code", "ZIP/Postal Code", searchable=True)
ACCOUNTING_ID = ProfileField(
    "field_service.accounting_id", "Accounting ID", searchable=True, help="Accounting ID is used for integration with third-party applications."
)
COMMENTS = ProfileField("field_service.comments", "Comments", FieldType.LONG_TEXT)


def profile_fields() -> Iterator[ProfileField]:
    """Yield the fields in the order of the form."""
    yield from (COMPANY, ADDRESS, CITY, COUNTRY, STATE, POSTAL_CODE, ACCOUNTING_ID, COMMENTS)
