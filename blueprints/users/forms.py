"""The forms of the users page."""

from wtforms import SelectChoice, SelectField, StringField

from blueprints.auth.forms import EMAIL, NAME
from blueprints.forms import BaseForm
from inventory.models import Role

ROLES = (
    "A viewer reads. A planner also orders, receives, syncs and sends. "
    "An owner also manages connections, applications and users."
)


def role_choices() -> list[SelectChoice]:
    """Return the roles, the least first."""
    return [SelectChoice(role.value, role.value.capitalize()) for role in reversed(Role)]


class UserForm(BaseForm):
    """Name and role of a user."""

    name = StringField("Name", NAME)
    role = SelectField("Role", choices=role_choices, description=ROLES)


class NewUserForm(UserForm):
    """Somebody new; they choose their password by a one-time link."""

    name = StringField("Name", NAME)
    email = StringField("E-mail", EMAIL, description="They sign in with it. No mail is sent.")
    role = SelectField("Role", choices=role_choices, default=Role.VIEWER.value, description=ROLES)
