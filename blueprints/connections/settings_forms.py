"""The settings of a connection. What a control cannot leave blank stays unset while equal."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from blueprints.forms import BaseForm
from inventory.models import OrderType, Warehouse, WarehouseKind
from inventory.rules.marketplaces import in_region

DAYS = "Enter whole days, from 0 to 365."
REPEATED = "This was sent more than once, with different values. Enter it once."
LISTED = "Choose one of the list."
PLAIN = "Leave out line breaks and other control characters."


class DaysField(IntegerField):
    """Whole days in digits 0 to 9; anything else says so in our words. Blank inherits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        text = valuelist[0].strip()
        self.data = None
        if text and not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError(DAYS)
        self.data = int(text) if text else None


def days(label: str, description: str) -> DaysField:
    """Return a field for days that may be blank: 0 to 365."""
    limits = [Optional(), NumberRange(min=0, max=365, message=DAYS)]
    return DaysField(label, limits, description=description)


def choice(label: str, **kwargs: Any) -> SelectField:
    """Return a list to choose from that answers anything else with a sentence."""
    told = {"invalid_value_message": LISTED, "invalid_choice_message": LISTED}
    return SelectField(label, **{**told, **kwargs})


def plain(_form: BaseForm, field: Field) -> None:
    """Refuse what no line of text holds: a database may not take it, a document not show it."""
    if field.data and any(unicodedata.category(one) in ("Cc", "Cs") for one in field.data):
        raise ValidationError(PLAIN)


def source_id(value: Any) -> int | None:
    """Return the chosen warehouse's id; None for none. Raises ``ValueError`` for no id."""
    if value in (None, ""):
        return None
    if not re.fullmatch(r"[0-9]{1,9}", str(value)):
        raise ValueError(LISTED)
    return int(value)


def source_choices(blank: str, sources: Sequence[Warehouse]) -> list[SelectChoice]:
    """Return ``blank`` and the warehouses transfers may come from."""
    own = [SelectChoice(str(one.id), one.name) for one in sources]
    return [SelectChoice("", blank), *own]


def type_choice(value: str, label: str, *, needs_source: bool) -> SelectChoice:
    """Return an order type; the page offers a source only where one ``needs_source``."""
    return SelectChoice(value, label, {"data-source": "needed"} if needs_source else {})


class VersionedForm(BaseForm):
    """A form that knows which version of its row it shows."""

    version = HiddenField()
    #: Names that may be blank, to inherit.
    BLANKS: tuple[str, ...] = ()

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        self.sent = formdata
        super().process(formdata, *args, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for field in self:
            sent = self.sent.getlist(field.name) if self.sent else []
            is_entered = not isinstance(field, HiddenField)  # else nobody could mend it
            if is_entered and len(set(sent)) > 1:
                field.errors, valid = [REPEATED], False
            field.errors = list(dict.fromkeys(field.errors))  # one sentence may answer for two
        return valid

    def values(self) -> dict[str, Any]:
        """Return what is to be stored, by column."""
        return {name: value for name, value in self.data.items() if name != "version"}


class ConnectionSettingsForm(VersionedForm):
    """Settings of one connection, for every warehouse that says nothing itself."""

    BLANKS = ("pickup_delay_days",)

    primary_marketplace_id = choice(
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
    order_type = choice(
        "Inbound shipment order type",
        choices=[
            SelectChoice(OrderType.AUTO.value, "Auto"),
            SelectChoice(OrderType.PURCHASE.value, "Purchase order"),
            type_choice(OrderType.TRANSFER.value, "Transfer order", needs_source=True),
        ],
        coerce=OrderType,
        description="Purchase order when shipments come straight from vendors, transfer order "
        "when they come from a warehouse of yours. Auto makes purchase orders.",
    )
    default_source_id = choice(
        "Default source warehouse",
        coerce=source_id,
        description="Where those transfers come from. Needed with transfer orders.",
    )
    import_early = BooleanField(
        "Also import shipments before SHIPPED",
        description="Orders appear while a shipment is still being prepared.",
    )

    def __init__(
        self,
        *args: Any,
        region: str,
        sources: Sequence[Warehouse],
        lost: str = "",
        refusal: str = LISTED,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.primary_marketplace_id.choices = [
            SelectChoice(one.id, f"{one.name}, {one.currency}") for one in in_region(region)
        ]
        self.default_source_id.choices = source_choices("None", sources)
        self.default_source_id.invalid_choice_message = refusal
        self.lost_source = lost

    def validate_default_source_id(self, field: SelectField) -> None:
        if self.order_type.data == OrderType.TRANSFER and field.data is None and not field.errors:
            raise ValidationError(missing_source(self.lost_source))


def missing_source(lost: str) -> str:
    """Return the sentence for transfers without a source; ``lost`` is one no longer usable."""
    told = "Choose where the transfers come from."
    return f"{told} {lost} is not offered because it is disabled." if lost else told


def refused_source(chosen: Warehouse | None, connection_id: int | None) -> str:
    """Return why a warehouse that was chosen is not on the list."""
    if chosen is None:
        return LISTED
    if chosen.kind in (WarehouseKind.FBA, WarehouseKind.COMBINED):
        kind = "Amazon’s" if chosen.kind == WarehouseKind.FBA else "a combined warehouse"
        return f"{chosen.name} is {kind}: transfers come from one of your own."
    if chosen.connection_id not in (None, connection_id):
        return f"{chosen.name} belongs to another connection. Choose another."
    if not chosen.is_enabled:
        return f"{chosen.name} is not offered because it is disabled. Choose another."
    return LISTED
