"""The form that counts one SKU of an own warehouse, and the one that takes a file of counts."""

from typing import Any

from wtforms import FileField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from blueprints.forms import BaseForm
from inventory.rules import typed
from inventory.services import own_stock_files

SET, ADD, TAKE = "set", "add", "take"


class CountForm(BaseForm):
    """Set what is held of a SKU, or add to it, or take out: then with a reason."""

    sku = StringField(
        "SKU",
        [InputRequired("Enter a SKU."), Length(max=600, message="No SKU is that long.")],
        description="Type its beginning, or a word of the title.",
    )
    act = SelectField(
        "What",
        choices=[
            SelectChoice(SET, "Set to (counted)"),
            SelectChoice(ADD, "Add"),
            SelectChoice(TAKE, "Take out"),
        ],
    )
    units = StringField("Units", [InputRequired("Enter the units: 0 for none.")])
    reason = StringField(
        "Reason",
        [Length(max=200, message="At most 200 characters.")],
        description="Shown in the ledger. Needed to take units out.",
    )

    def validate_units(self, field: StringField) -> None:
        read = typed.whole(field.data or "", least=0 if self.act.data == SET else 1)
        if isinstance(read, str):
            raise ValidationError(read)

    def validate_reason(self, field: StringField) -> None:
        if self.act.data == TAKE and not field.data:
            raise ValidationError("Say why they are taken out: broken, lost, sold elsewhere.")

    @property
    def count(self) -> int:
        """Return the units typed, once they are valid."""
        return int(typed.whole(self.units.data))


class UploadForm(BaseForm):
    """A file of counts."""

    file = FileField(
        "File",
        description=f"CSV or XLSX, at most {own_stock_files.MOST_ROWS:,} rows.",
    )


class ApplyForm(BaseForm):
    """A file that was looked at: its rows, packed, and the mark of what it would do."""

    rows = HiddenField()
    mark = HiddenField()

    def values(self) -> dict[str, Any]:
        return {"rows": self.rows.data or "", "mark": self.mark.data or ""}
