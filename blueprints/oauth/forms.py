"""What Amazon sends with a seller who starts at the Appstore, and what we still have to know."""

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from blueprints.connections.forms import ApplicationForm, NameForm
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import oauth


class LoginForm(NameForm, ApplicationForm):
    """A consent that began at Amazon: the way back there, and the connection to be made."""

    amazon_callback_uri = HiddenField(validators=[InputRequired()])
    amazon_state = HiddenField(validators=[InputRequired()])
    selling_partner_id = StringField("Seller ID")
    marketplace_id = SelectField(
        "Primary marketplace",
        choices=[SelectChoice(one.id, one.name) for one in MARKETPLACES.values()],
    )

    def validate_amazon_callback_uri(self, field: HiddenField) -> None:
        if not oauth.is_amazons(field.data or ""):
            raise ValidationError("This address is not Amazon's.")
