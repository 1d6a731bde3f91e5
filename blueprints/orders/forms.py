"""An order as a form: its header. The lines, of which there may be 2,000, are read apart."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Field,
    SelectField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from blueprints.connections.settings_forms import VersionedForm
from blueprints.forms import BaseForm
from blueprints.presentation import today
from inventory.rules import typed
from inventory.rules.currencies import CODES

DAY = "Enter a day of the calendar."


class MoneyField(Field):
    """An amount of zero or more, blank for none; anything else says what is wrong with it."""

    widget = widgets.TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        value: Decimal | str | None = typed.amount(text) if text else None
        if isinstance(value, str):
            self.data = None
            raise ValueError(value)
        self.data = value


class DayField(DateField):
    """A day of the years that files are taken of too; what is none says so in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(DAY) from None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and isinstance(said := typed.day(self.data.isoformat()), str):
            raise ValidationError(said)


def _id(value: Any) -> int | None:
    return int(value) if value and str(value).isdigit() and len(str(value)) < 10 else None


def _limit(most: int) -> Length:
    return Length(max=most, message=f"At most {most:,} characters.")


class OrderForm(VersionedForm):
    """The header of an order. Fields that an order does not have, or may not change, are taken
    out by the route (``del form.vendor_id``)."""

    vendor_id = SelectField("Vendor", coerce=_id)
    source_id = SelectField(
        "Source warehouse", [InputRequired("Choose where the goods come from.")], coerce=_id
    )
    destination_id = SelectField(
        "Destination warehouse", [InputRequired("Choose where the goods go.")], coerce=_id
    )
    status = SelectField("Status")
    expected_on = DayField("Expected date", [Optional()])
    created_on = DayField(
        "Created date",
        [Optional()],
        description="Blank is today. Only shipments from that day on are recognised as this order.",
    )
    reference = StringField("Reference", [_limit(64)])
    currency = SelectField(
        "Currency",
        coerce=lambda value: value or None,
        choices=[
            SelectChoice("", "As vendor or destination"),
            *(SelectChoice(code, code) for code in CODES),
        ],
    )
    connection_id = SelectField(
        "SKUs of", coerce=_id, description="Where several connections have the same SKU."
    )
    rounding = SelectField(
        "Round to whole cases",
        choices=[
            SelectChoice("up", "Up"),
            SelectChoice("down", "Down"),
            SelectChoice("off", "Off"),
        ],
    )
    shipping_handling = MoneyField("Shipping/handling")
    placement_fee = MoneyField("Placement fee")
    discount = MoneyField("Discount", description="Off the goods’ total, before tax.")
    spread_by = SelectField(
        "Spread fees by",
        choices=[
            SelectChoice("value", "Line value"),
            SelectChoice("units", "Units"),
            SelectChoice("weight", "Weight"),
        ],
    )
    payment_terms = StringField("Payment terms", [_limit(100)])
    payment_on = DayField("Payment date", [Optional()])
    vendor_notes = TextAreaField(
        "Notes for the vendor", [_limit(5000)], description="On the printed order and the e-mail."
    )
    notes = TextAreaField("Notes", [_limit(5000)], description="Only seen here.")
    update_vendor = BooleanField("Save these costs as the vendor’s")

    def validate_created_on(self, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError("Enter today or a day before it.")

    def offer(
        self,
        *,
        vendors: Sequence[Any] = (),
        sources: Sequence[Any] = (),
        destinations: Sequence[Any] = (),
        statuses: Sequence[str] = (),
        connections: Sequence[Any] = (),
    ) -> None:
        """Set what each select offers: rows with an id and a name; the names of statuses."""
        self.vendor_id.choices = _choices("None", vendors)
        self.source_id.choices = _choices("Choose", sources)
        self.destination_id.choices = _choices("Choose", destinations)
        self.status.choices = [SelectChoice(name, name) for name in statuses]
        self.connection_id.choices = _choices("Any", connections)


class ReceiptForm(BaseForm):
    """When goods were received; the units of each line are read apart."""

    received_on = DayField("Received on", [InputRequired("Enter the day they came in.")])


def _choices(blank: str, rows: Sequence[Any]) -> list[SelectChoice]:
    return [SelectChoice("", blank), *(SelectChoice(str(one.id), one.name) for one in rows)]
