"""Connecting a seller account, and the short forms of the menu beside a connection."""

import re
from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from blueprints.forms import BaseForm
from inventory.models import Connection
from inventory.rules.marketplaces import MARKETPLACES, REGION_NAMES
from inventory.services.connecting import Details, sandbox_details

SELLER_ID = re.compile(r"A[A-Z0-9]{9,20}")
TOKEN = re.compile(r"Atzr\|\S+")


def _id_or_none(value: Any) -> int | None:
    return int(value) if value and str(value).isdigit() else None


def _without_breaks(value: Any) -> Any:
    """A token copied from a page often brings line breaks along."""
    return re.sub(r"\s+", "", value) or None if isinstance(value, str) else value


class NameForm(BaseForm):
    """A new name for a connection."""

    name = StringField(
        "Connection name",
        [InputRequired("Give the connection a name."), Length(max=100)],
        description="Warehouses are named after it.",
    )


class TokenForm(BaseForm):
    """A refresh token. It is never sent to the browser, so blank keeps what is ``kept``."""

    token = TextAreaField(
        "Refresh token",
        filters=[_without_breaks],
        description="From “Authorize” beside your application in Seller Central. "
        "Kept encrypted, never shown again.",
    )
    #: Under which key the token of an earlier try is kept on the server.
    draft = HiddenField()

    def __init__(self, *args: Any, kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def validate_token(self, field: TextAreaField) -> None:
        if field.data and not TOKEN.fullmatch(field.data):
            raise ValidationError(
                "A refresh token starts with Atzr| and has no spaces. Copy the whole of it."
            )
        if not field.data and not self.kept:
            raise ValidationError("Paste the refresh token from Seller Central.")


class ApplicationForm(BaseForm):
    """Which Amazon application renews the access tokens."""

    application_id = SelectField(
        "Amazon application",
        coerce=_id_or_none,
        description="A private application reads only the seller account that owns it.",
    )

    def __init__(self, *args: Any, applications: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application_id.choices = [SelectChoice(value, label) for value, label in applications]
        self.has_applications = bool(applications)


class ConnectForm(NameForm, TokenForm, ApplicationForm):
    """All it takes to connect. The sandbox seller needs a marketplace and a name only."""

    platform = RadioField(
        "Platform",
        choices=[SelectChoice("amazon", "Amazon"), SelectChoice("sandbox", "Sandbox seller")],
        default="amazon",
    )
    marketplace_id = SelectField(
        "Primary marketplace",
        choices=[
            SelectChoice(one.id, one.name, optgroup=REGION_NAMES[one.region])
            for one in MARKETPLACES.values()
        ],
        description="Your home marketplace in the region, where you started. "
        "It sets the reporting currency and can be changed later.",
    )
    seller_id = StringField(
        "Seller ID",
        description="Seller Central, Account info, Merchant token. Starts with A.",
    )

    @classmethod
    def of(cls, connection: Connection, **kwargs: Any) -> "ConnectForm":
        """Return the form as it was sent for ``connection``, its token kept."""
        return cls(
            obj=connection,
            kept=True,
            platform="sandbox" if connection.is_sandbox else "amazon",
            marketplace_id=connection.primary_marketplace_id,
            **kwargs,
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_sandbox:  # it has no application, so none of the choices has to be chosen
            self.application_id.validate_choice = False

    @property
    def is_sandbox(self) -> bool:
        return bool(self.platform.data == "sandbox")

    def validate_seller_id(self, field: StringField) -> None:
        if not self.is_sandbox and not SELLER_ID.fullmatch(field.data or ""):
            raise ValidationError(
                "A seller ID is the letter A and 9 to 20 capital letters and digits. "
                "Seller Central shows it as Merchant token."
            )

    def validate_token(self, field: TextAreaField) -> None:
        if not self.is_sandbox:
            super().validate_token(field)

    def validate_application_id(self, _field: SelectField) -> None:
        if not self.is_sandbox and not self.has_applications:
            raise ValidationError("Add an Amazon application first.")

    def details(self, token: str | None) -> Details:
        """Return what was entered; ``token`` is the one typed or kept."""
        if self.is_sandbox:
            return sandbox_details(self.name.data, self.marketplace_id.data)
        return Details(
            name=self.name.data,
            marketplace_id=self.marketplace_id.data,
            seller_id=self.seller_id.data,
            token=token,
            application_id=self.application_id.data,
        )


class DeletionForm(BaseForm):
    """The name again, so that nobody deletes the wrong connection."""

    confirmation = StringField("Connection name")

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_to_type = name

    def validate_confirmation(self, field: StringField) -> None:
        if field.data != self.name_to_type:
            raise ValidationError(f"Type {self.name_to_type} exactly, to delete it.")
