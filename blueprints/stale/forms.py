"""The two days of a claim window."""

from wtforms import IntegerField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from blueprints.forms import BaseForm

DAYS = [InputRequired("Enter a number of days."), NumberRange(0, 730, "Enter 0 to 730 days.")]


class WindowForm(BaseForm):
    """When a claim opens and closes, in days after delivery."""

    opens_after_days = IntegerField("Opens after", DAYS)
    closes_after_days = IntegerField("Closes after", DAYS)

    def validate_closes_after_days(self, field: IntegerField) -> None:
        opens = self.opens_after_days.data
        if opens is not None and field.data is not None and field.data < opens:
            raise ValidationError("Closes before it opens.")
