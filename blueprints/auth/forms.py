"""The forms of people who are not in yet."""

from typing import Any

from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from blueprints.forms import BaseForm
from inventory.rules import currencies, emails, passwords, timezones

CHOOSING = "At least 12 characters. A few unrelated words are easy to remember."
EMAIL = [
    InputRequired("Type an e-mail address."),
    Length(max=254, message="At most 254 characters."),
    Regexp(emails.ADDRESS, message="Type an e-mail address, such as mara@example.com."),
]
NAME = [
    InputRequired("Type a name, so that others see who did what."),
    Length(max=100, message="At most 100 characters."),
]


def zone_choices() -> list[SelectChoice]:
    """Return the time zones, grouped by their part of the world."""
    return [
        SelectChoice(name, name.replace("_", " "), optgroup=timezones.area(name))
        for name in timezones.NAMES
    ]


def currency_choices() -> list[SelectChoice]:
    """Return the currencies by code."""
    return [SelectChoice(code) for code in currencies.CODES]


class LoginForm(BaseForm):
    """E-mail and password of somebody with an account."""

    email = StringField("E-mail", [InputRequired("Type your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Type your password.")])
    next = HiddenField()


class PasswordForm(BaseForm):
    """A new password for ``person``: one with ``email`` and ``name``."""

    password = PasswordField(
        "Password", [InputRequired("Choose a password.")], description=CHOOSING
    )

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def validate_password(self, field: PasswordField) -> None:
        email, name = self.person.email, self.person.name
        if told := passwords.weakness(field.data or "", email=email or "", name=name or ""):
            raise ValidationError(told)


class AcceptForm(PasswordForm):
    """What an invited person says about themselves."""

    name = StringField("Your name", NAME)


class SetupForm(BaseForm):
    """The first owner and the installation."""

    token = HiddenField()
    name = StringField("Your name", NAME)
    email = StringField("E-mail", EMAIL, description="You sign in with it.")
    password = PasswordField(
        "Password", [InputRequired("Choose a password.")], description=CHOOSING
    )
    timezone = SelectField(
        "Time zone", choices=zone_choices, description="Days begin and end in it, in every list."
    )
    currency = SelectField(
        "Main currency", choices=currency_choices, description="Totals are shown in it."
    )

    def validate_password(self, field: PasswordField) -> None:
        email, name = self.email.data or "", self.name.data or ""
        if told := passwords.weakness(field.data or "", email=email, name=name):
            raise ValidationError(told)
