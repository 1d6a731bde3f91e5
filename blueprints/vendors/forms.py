"""A vendor as a form, and an item of a vendor's."""

from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from blueprints.connections.settings_forms import VersionedForm, days
from blueprints.forms import BaseForm
from blueprints.orders.forms import MoneyField
from inventory.rules.currencies import CODES
from inventory.rules.order_lines import MOST_UNITS

UNITS = f"Enter whole units, from 1 to {MOST_UNITS}."


def _text(label: str, limit: int, description: str = "") -> StringField:
    limits = [Length(max=limit, message=f"At most {limit} characters.")]
    return StringField(label, limits, description=description)


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class UnitsField(IntegerField):
    """Whole units; anything else says so in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(UNITS) from None


class VendorForm(VersionedForm):
    """Who goods are bought from, and on which terms."""

    name = StringField(
        "Name",
        [InputRequired("Give the vendor a name."), Length(max=150, message="At most 150.")],
    )
    enabled = BooleanField("Enabled", description="Off: no longer offered for new orders.")
    currency = SelectField(
        "Currency",
        coerce=lambda value: value or None,
        choices=[SelectChoice("", "Any"), *(SelectChoice(code, code) for code in CODES)],
    )
    payment_terms = _text("Payment terms", 100, "For example 30 days net.")
    lead_time_days = days(
        "Lead time", "From the order until its goods can be sold. Blank: the warehouse’s."
    )
    email = StringField(
        "E-mail",
        [Optional(), Regexp(r"[^@\s]+@[^@\s]+$", message="Enter an address such as a@b.com.")],
    )
    contact = _text("Contact", 50)
    phone = _text("Phone", 20)
    line1 = _text("Address line 1", 180)
    line2 = _text("Address line 2", 60)
    city = _text("City", 30)
    state = _text("State or county", 30)
    postal_code = _text("Postal code", 32)
    country = StringField(
        "Country",
        [Optional(), Regexp(r"^[A-Z]{2}$", message="Enter the country’s two letters, such as CN.")],
        description="Two letters (ISO 3166).",
        filters=[_upper],
    )
    notes = TextAreaField("Notes", [Length(max=5000, message="At most 5,000 characters.")])

    def values(self) -> dict[str, Any]:
        """Return what is to be stored, by column; a text left blank is an empty one."""
        found = {name: value for name, value in super().values().items() if name != "enabled"}
        return {
            name: value if value is not None or name == "lead_time_days" else ""
            for name, value in found.items()
        }


class ItemForm(BaseForm):
    """A variant as the vendor sells it."""

    sku = StringField("SKU", [InputRequired("Enter a SKU of yours."), Length(max=255)])
    vendor_sku = _text("Vendor’s SKU", 255)
    unit_cost = MoneyField("Unit cost")
    units_per_case = UnitsField(
        "Units per case", [Optional(), NumberRange(1, MOST_UNITS, message=UNITS)]
    )
    minimum_units = UnitsField("Minimum", [Optional(), NumberRange(0, MOST_UNITS, message=UNITS)])
