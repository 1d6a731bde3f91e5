"""The settings of a warehouse, by its kind; blank means as the level above."""

from collections.abc import Sequence
from typing import Any

from babel import Locale
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError

from blueprints.connections.settings_forms import (
    LISTED,
    VersionedForm,
    choice,
    days,
    missing_source,
    plain,
    source_choices,
    source_id,
    type_choice,
)
from inventory.models import OrderType, StockBasis, Warehouse
from inventory.rules.settings import Setting

#: Two letters that the list of territories has beside those of countries (ISO 3166).
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
COUNTRIES = {str(one) for one in Locale("en").territories if len(str(one)) == 2} - NO_COUNTRIES
#: Blank is the default, which no level above can change.
STOCK_BASES = {
    "": "Default (fulfillable + FC transfer)",
    StockBasis.FULFILLABLE.value: "Fulfillable",
    StockBasis.FC_TRANSFER.value: "Fulfillable + FC transfer",
    StockBasis.FC_PROCESSING.value: "Fulfillable + FC transfer + FC processing",
}
ORDER_TYPES = {OrderType.PURCHASE: "Purchase order", OrderType.TRANSFER: "Transfer order"}


def _type_or_inherit(value: Any) -> OrderType | None:
    return OrderType(value) if value else None


def _basis_or_default(value: Any) -> StockBasis | None:
    return StockBasis(value) if value else None


def _text(label: str, limit: int) -> StringField:
    limits = [Length(max=limit, message=f"At most {limit} characters."), plain]
    return StringField(label, limits)


class WarehouseForm(VersionedForm):
    """What every warehouse has: name, use, planning, address."""

    BLANKS: tuple[str, ...] = ("lead_time_days", "days_of_stock")

    name = StringField(
        "Name",
        [
            DataRequired("Give the warehouse a name."),
            Length(max=150, message="At most 150 characters."),
            plain,
        ],
    )
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

    def validate_country(self, field: StringField) -> None:
        """Refuse what is no country: Amazon takes no address with it. UK is written GB."""
        if field.data == "UK":
            raise ValidationError("The United Kingdom’s letters are GB.")
        if not field.errors and field.data not in COUNTRIES:
            raise ValidationError(f"{field.data} is no country’s two letters.")


class FbaWarehouseForm(WarehouseForm):
    """Amazon's network in one country: what becomes of shipments made in Seller Central."""

    BLANKS = (
        *WarehouseForm.BLANKS,
        "stock_basis",
        "pickup_delay_days",
        "order_type",
        "default_source_id",
    )

    stock_basis = choice(
        "Stock basis",
        coerce=_basis_or_default,
        choices=[SelectChoice(value, label) for value, label in STOCK_BASES.items()],
        description="Which of Amazon’s states count as stock.",
    )
    pickup_delay_days = days(
        "Estimated pick-up delay", "For LTL and FTL shipments to this country."
    )
    sync_inbound = BooleanField(
        "Sync inbound shipments for this country",
        description="Off: shipments made in Seller Central no longer become orders.",
    )
    order_type = choice(
        "Inbound shipment order type",
        coerce=_type_or_inherit,
        description="Only for this country.",
    )
    default_source_id = choice(
        "Default source warehouse", coerce=source_id, description="Used with transfer orders."
    )

    def __init__(
        self,
        *args: Any,
        inherited: dict[str, Setting],
        inherited_source: str,
        sources: Sequence[Warehouse],
        lost: str = "",
        refusal: str = LISTED,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        above = ORDER_TYPES[OrderType(inherited["order_type"].value)]
        own = [
            type_choice(kind.value, label, needs_source=kind == OrderType.TRANSFER)
            for kind, label in ORDER_TYPES.items()
        ]
        needed = inherited["order_type"].value == OrderType.TRANSFER
        self.order_type.choices = [
            type_choice("", f"Inherit ({above})", needs_source=needed),
            *own,
        ]
        blank = f"Inherit ({inherited_source or 'none'})"
        self.default_source_id.choices = source_choices(blank, sources)
        self.default_source_id.invalid_choice_message = refusal
        self.inherited, self.inherited_source = inherited, inherited_source
        self.lost_source = lost

    def validate_default_source_id(self, field: SelectField) -> None:
        kind = self.order_type.data or self.inherited["order_type"].value
        needed = kind == OrderType.TRANSFER and not field.errors
        if needed and field.data is None and not self.inherited_source:
            raise ValidationError(missing_source(self.lost_source))
