"""The settings of a connection. What a control cannot leave blank stays unset while equal."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from blueprints.forms import BaseForm
from inventory.models import OrderType, Warehouse
from inventory.rules.marketplaces import in_region

DAYS = "Enter whole days, from 0 to 365."


class DaysField(IntegerField):
    """Whole days; anything else says so in our words. Blank inherits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(DAYS) from None


def days(label: str, description: str) -> DaysField:
    """Return a field for days that may be blank: 0 to 365."""
    limits = [Optional(), NumberRange(min=0, max=365, message=DAYS)]
    return DaysField(label, limits, description=description)


def source_id(value: Any) -> int | None:
    """Return the chosen warehouse's id; None for none."""
    return int(value) if value and str(value).isdigit() else None


def source_choices(blank: str, sources: Sequence[Warehouse]) -> list[SelectChoice]:
    """Return ``blank`` and the warehouses transfers may come from."""
    own = [SelectChoice(str(one.id), one.name) for one in sources]
    return [SelectChoice("", blank), *own]


class VersionedForm(BaseForm):
    """A form that knows which version of its row it shows."""

    version = HiddenField()

    def values(self) -> dict[str, Any]:
        """Return what is to be stored, by column."""
        return {name: value for name, value in self.data.items() if name != "version"}


class ConnectionSettingsForm(VersionedForm):
    """Settings of one connection, for every warehouse that says nothing itself."""

    primary_marketplace_id = SelectField(
        "Primary marketplace",
        description="Your home marketplace in this region. It sets the reporting currency; "
        "amounts are converted, never relabelled.",
    )
    sync_fees = BooleanField(
        "Sync shipping/handling for shipments processed by Amazon-partnered carriers",
        description="Writes Amazon’s quote to the order as an estimate. "
        "An amount typed by hand is never touched.",
    )
    pickup_delay_days = days(
        "Estimated pick-up delay",
        "From the estimated pick-up date until the goods can be sold. "
        "Used for LTL and FTL shipments.",
    )
    order_type = SelectField(
        "Inbound shipment order type",
        choices=[
            SelectChoice(OrderType.AUTO.value, "Auto"),
            SelectChoice(OrderType.PURCHASE.value, "Purchase order"),
            SelectChoice(OrderType.TRANSFER.value, "Transfer order"),
        ],
        coerce=OrderType,
        description="Purchase order when shipments come straight from vendors, transfer order "
        "when they come from a warehouse of yours. Auto makes purchase orders.",
    )
    default_source_id = SelectField(
        "Default source warehouse",
        coerce=source_id,
        description="Where those transfers come from. Needed with transfer orders.",
    )
    import_early = BooleanField(
        "Also import shipments before SHIPPED",
        description="Orders appear while a shipment is still being prepared.",
    )

    def __init__(
        self, *args: Any, region: str, sources: Sequence[Warehouse], lost: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.primary_marketplace_id.choices = [
            SelectChoice(one.id, f"{one.name}, {one.currency}") for one in in_region(region)
        ]
        self.default_source_id.choices = source_choices("None", sources)
        self.lost_source = lost

    def validate_default_source_id(self, field: SelectField) -> None:
        if self.order_type.data == OrderType.TRANSFER and field.data is None:
            raise ValidationError(missing_source(self.lost_source))


def missing_source(lost: str) -> str:
    """Return the sentence for transfers without a source; ``lost`` is one no longer usable."""
    told = "Choose where the transfers come from."
    return f"{told} {lost} is not offered because it is disabled." if lost else told
