"""Entering one exchange rate by hand."""

from datetime import date
from typing import Any

from babel import Locale
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from blueprints.forms import BaseForm
from inventory.rules.currencies import CODES
from inventory.rules.rate_files import parse_day, parse_rate
from inventory.rules.rates import BASE

NAMES = Locale("en").currencies


class RateForm(BaseForm):
    """The rate of a currency on a day. After ``validate`` ``day.data`` is still text."""

    currency = SelectField(
        "Currency",
        choices=[
            SelectChoice(code, f"{code}, {NAMES.get(code, code)}") for code in CODES if code != BASE
        ],
    )
    day = StringField(
        "Day",
        [DataRequired("Choose the day the rate is of.")],
        description="Amounts of this day are converted with it, and those of up to 7 days after "
        "where no newer rate is known.",
    )
    per_euro = StringField(
        "Rate",
        [DataRequired("Enter the rate, for example 1.0412.")],
        description="How many units of the currency one euro buys.",
    )

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest

    def validate_day(self, field: StringField) -> None:
        _read(parse_day, field.data, self.latest)

    def validate_per_euro(self, field: StringField) -> None:
        _read(parse_rate, field.data)


def _read(parse: Any, *given: Any) -> None:
    try:
        parse(*given)
    except ValueError as problem:
        raise ValidationError(str(problem)) from None
