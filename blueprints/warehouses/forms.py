"""The settings of a warehouse, by its kind; blank means as the level above."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from blueprints.connections.settings_forms import (
    VersionedForm,
    days,
    missing_source,
    source_choices,
    source_id,
)
from inventory.models import OrderType, Warehouse
from inventory.rules.settings import Setting

ORDER_TYPES = {OrderType.PURCHASE: "Purchase order", OrderType.TRANSFER: "Transfer order"}


def _type_or_inherit(value: Any) -> OrderType | None:
    return OrderType(value) if value else None


def _text(label: str, limit: int) -> StringField:
    return StringField(label, [Length(max=limit, message=f"At most {limit} characters.")])


class WarehouseForm(VersionedForm):
    """What every warehouse has: name, use, planning, address."""

    name = StringField("Name", [InputRequired("Give the warehouse a name."), Length(max=150)])
    enabled = BooleanField(
        "Enabled", description="Shown in Replenishment and reports. History is kept when off."
    )
    lead_time_days = days("Lead time", "From placing an order until its goods can be sold here.")
    days_of_stock = days("Days of stock", "How long one order should last.")
    contact = _text("Contact", 50)
    line1 = _text("Address line 1", 180)
    line2 = _text("Address line 2", 60)
    city = _text("City", 30)
    state = _text("State or county", 30)
    postal_code = _text("Postal code", 32)
    phone = _text("Phone", 20)

    #: Drawn together, at the end.
    ADDRESS = ("contact", "line1", "line2", "city", "state", "postal_code", "phone")


class OwnWarehouseForm(WarehouseForm):
    """A place of the seller's own has a country to choose."""

    country = StringField(
        "Country",
        [
            InputRequired("Enter the country’s two letters, for example NL."),
            Regexp(r"^[A-Z]{2}$", message="Enter the country’s two capital letters, such as NL."),
        ],
        description="Two letters (ISO 3166), for example NL or GB.",
        filters=[lambda value: value.upper() if isinstance(value, str) else value],
    )


class FbaWarehouseForm(WarehouseForm):
    """Amazon's network in one country: what becomes of shipments made in Seller Central."""

    pickup_delay_days = days(
        "Estimated pick-up delay", "For LTL and FTL shipments to this country."
    )
    sync_inbound = BooleanField(
        "Sync inbound shipments for this country",
        description="Off: shipments made in Seller Central no longer become orders.",
    )
    order_type = SelectField(
        "Inbound shipment order type",
        coerce=_type_or_inherit,
        description="Only for this country.",
    )
    default_source_id = SelectField(
        "Default source warehouse", coerce=source_id, description="Used with transfer orders."
    )

    def __init__(
        self,
        *args: Any,
        inherited: dict[str, Setting],
        inherited_source: str,
        sources: Sequence[Warehouse],
        lost: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        above = ORDER_TYPES[OrderType(inherited["order_type"].value)]
        own = [SelectChoice(kind.value, label) for kind, label in ORDER_TYPES.items()]
        self.order_type.choices = [SelectChoice("", f"Inherit ({above})"), *own]
        blank = f"Inherit ({inherited_source or 'none'})"
        self.default_source_id.choices = source_choices(blank, sources)
        self.inherited, self.inherited_source = inherited, inherited_source
        self.lost_source = lost

    def validate_default_source_id(self, field: SelectField) -> None:
        kind = self.order_type.data or self.inherited["order_type"].value
        if kind == OrderType.TRANSFER and field.data is None and not self.inherited_source:
            raise ValidationError(missing_source(self.lost_source))
