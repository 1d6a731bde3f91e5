"""The forms of the account page."""

from wtforms import PasswordField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from blueprints.auth.forms import CHOOSING, PasswordForm, currency_choices, zone_choices
from blueprints.forms import BaseForm


class AccountForm(BaseForm):
    """What holds for the whole installation."""

    timezone = SelectField(
        "Time zone",
        choices=zone_choices,
        description="Days begin and end in it: expected dates, ages and reports.",
    )
    currency = SelectField(
        "Main currency",
        choices=currency_choices,
        description="Totals are shown in it. Amounts are converted, never rewritten.",
    )


class ThemeForm(BaseForm):
    """How the pages look for one user."""

    theme = RadioField(
        "Theme",
        choices=[
            SelectChoice("auto", "Auto"),
            SelectChoice("light", "Light"),
            SelectChoice("dark", "Dark"),
        ],
        validate_choice=True,
        description="For you alone. Auto follows your system.",
    )


class ChangePasswordForm(PasswordForm):
    """A new password for somebody who knows the present one."""

    current = PasswordField("Current password", [InputRequired("Type your current password.")])
    password = PasswordField(
        "New password", [InputRequired("Choose a password.")], description=CHOOSING
    )
