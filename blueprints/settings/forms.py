"""The forms of the stock-order settings."""

import re
from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from blueprints.connections.settings_forms import VersionedForm
from blueprints.forms import BaseForm
from inventory.models import StatusType

DAYS = "Enter whole days, from 0 to 365."
NUMBER = "Enter a whole number, from 1 to 999,999,999."
PREFIX = "Use letters, digits, spaces and - _ . / # alone."
#: What a person takes for a whole number: no sign, no point, no digits of other scripts.
DIGITS = re.compile(r"\d{1,9}", re.ASCII)
PRINTABLE = r"^[\w \-./#]*$"
TYPES = {
    StatusType.DRAFT: "Draft",
    StatusType.ACTIVE: "Active",
    StatusType.CLOSED: "Closed",
    StatusType.CANCELED: "Canceled",
}


class WholeField(IntegerField):
    """A whole number within limits; anything else is refused with one sentence, and kept."""

    def __init__(
        self,
        *args: Any,
        least: int,
        most: int,
        sentence: str,
        may_be_blank: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.limits, self.sentence, self.may_be_blank = (least, most), sentence, may_be_blank

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not valuelist:
            return
        self.data = None
        if not text:
            return
        least, most = self.limits
        if not DIGITS.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(self.sentence)
        self.data = int(text)

    def pre_validate(self, form: Form) -> None:
        if self.data is None and not self.may_be_blank and not self.process_errors:
            raise ValidationError(self.sentence)


def _prefix(label: str, description: str) -> StringField:
    return StringField(
        label,
        [Length(max=20, message="At most 20 characters."), Regexp(PRINTABLE, message=PREFIX)],
        description=description,
    )


class OrderSettingsForm(VersionedForm):
    """What new orders begin with, and when shipments stop counting."""

    #: What inherits when blank.
    BLANKS = ("lead_time_days",)

    next_reference = WholeField(
        "Next reference number",
        least=1,
        most=999_999_999,
        sentence=NUMBER,
        description="Purchase and transfer orders share it. Numbers in use are skipped.",
    )
    #: The number that the form was rendered with: orders made since then do not make it a change.
    next_seen = HiddenField()
    purchase_prefix = _prefix("Prefix of purchase orders", "Stands before the number.")
    transfer_prefix = _prefix("Prefix of transfer orders", "Stands before the number.")
    default_status = SelectField(
        "Default status", description="New orders begin with it. A draft is not yet on order."
    )
    lead_time_days = WholeField(
        "Default lead time",
        may_be_blank=True,
        least=0,
        most=365,
        sentence=DAYS,
        description="From placing an order until its goods can be sold, where a warehouse says "
        "nothing itself. Blank inherits 14.",
    )
    open_send = BooleanField(
        "Show 'Save purchase order/transfer to connection' automatically",
        description="Saving an order to an FBA warehouse opens “Send to Amazon”.",
    )
    ignore_stale = BooleanField(
        "Automatically ignore unreceived FBA shipments",
        description="What Amazon does not receive stops counting as on order, so that it is "
        "recommended again. Nothing is closed or canceled.",
    )
    ignore_after_days = WholeField(
        "Days past the expected date",
        least=0,
        most=365,
        sentence=DAYS,
        description="Counted through so many days, ignored from the next. Zero is a value. "
        "A receipt or a step forward holds it for 7 days.",
    )

    def __init__(self, *args: Any, statuses: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default_status.choices = [SelectChoice(name, name) for name in statuses]

    def values(self) -> dict[str, Any]:
        """Return what is to be stored, by column."""
        values = {name: one for name, one in super().values().items() if name != "next_seen"}
        if str(values["next_reference"]) == self.next_seen.data:
            del values["next_reference"]
        texts = ("purchase_prefix", "transfer_prefix")
        return values | {name: values[name] or "" for name in texts}


class StatusForm(BaseForm):
    """A named status of the seller's own."""

    name = StringField(
        "Name",
        [
            DataRequired("Give the status a name."),
            Length(max=64, message="At most 64 characters."),
            Regexp(r"^[^\x00-\x1f\x7f]*$", message="Use printable characters alone."),
        ],
    )
    type = SelectField(
        "Type",
        choices=[SelectChoice(kind.value, label) for kind, label in TYPES.items()],
        default=StatusType.ACTIVE.value,
        description="Active orders count as on order; drafts, closed and canceled ones do not.",
    )
