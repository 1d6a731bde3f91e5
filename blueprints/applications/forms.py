"""The form of an Amazon application."""

from typing import Any

from wtforms import DateField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from blueprints.forms import BaseForm

SHORT = Length(max=255, message="At most 255 characters.")


class ApplicationForm(BaseForm):
    """Client id and secret of an application; ``has_secret`` when one is stored already."""

    name = StringField(
        "Name",
        [
            InputRequired("Give the application a name."),
            Length(max=100, message="At most 100 characters."),
        ],
        description="What connections are offered it as.",
    )
    client_id = StringField(
        "Client ID",
        [InputRequired("Paste the client ID."), SHORT],
        description="Seller Central, Develop Apps, LWA credentials: View.",
    )
    client_secret = PasswordField("Client secret", [Length(max=1000, message="Too long.")])
    application_id = StringField(
        "Application ID",
        [SHORT],
        description="Begins with amzn1.sp.solution. Needed only for Amazon's consent page.",
    )
    secret_expires_on = DateField(
        "Secret expires on",
        [Optional()],
        description="Amazon ends a client secret after 180 days. You are warned 30 days before.",
    )

    def __init__(self, *args: Any, has_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_secret = has_secret

    def validate_client_secret(self, field: PasswordField) -> None:
        if not (field.data or "").strip() and not self.has_secret:
            raise ValidationError("Paste the client secret.")
