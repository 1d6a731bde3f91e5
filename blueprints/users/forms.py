"""The forms of the users page."""

from wtforms import SelectChoice, SelectField, StringField

from blueprints.auth.forms import EMAIL, NAME
from blueprints.forms import BaseForm
from inventory.models import Role

ROLES = {
    Role.VIEWER: "Viewer: reads everything",
    Role.PLANNER: "Planner: also plans, receives, syncs and sends",
    Role.OWNER: "Owner: also connections, applications and users",
}


def role_choices() -> list[SelectChoice]:
    """Return the roles with what each may do, the least first."""
    return [SelectChoice(role.value, label) for role, label in ROLES.items()]


class UserForm(BaseForm):
    """Name and role of a user."""

    name = StringField("Name", NAME)
    role = SelectField("Role", choices=role_choices)


class NewUserForm(UserForm):
    """Somebody new; they choose their password by a one-time link."""

    name = StringField("Name", NAME)
    email = StringField("E-mail", EMAIL, description="They sign in with it. No mail is sent.")
    role = SelectField("Role", choices=role_choices, default=Role.VIEWER.value)
