"""``create-user`` and ``reset-password``: people, without the browser."""

import sys

import click
from flask import Flask
from flask.cli import with_appcontext

from commands import databases
from extensions import db
from inventory.models import Role
from inventory.rules.emails import is_address
from inventory.rules.passwords import weakness
from inventory.services import account_settings, setup, users

ROLES = click.Choice([role.value for role in Role])


def init_app(app: Flask) -> None:
    """Put the commands on ``app.cli``."""
    app.cli.add_command(create_user)
    app.cli.add_command(reset_password)


@click.command("create-user")
@click.argument("email")
@click.option("--role", type=ROLES, default=Role.OWNER.value, show_default=True)
@click.option("--name", default="", help="What others see; the e-mail address when empty.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read it from standard input.")
@with_appcontext
def create_user(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Add a user. The first one ends the set-up page."""
    if not is_address(email):
        raise click.ClickException(f"{email} is no e-mail address.")
    password = _from_stdin(email, name)
    databases.migrate()
    account_settings.ensure()
    try:
        users.create(email=email, name=name, role=Role(role), password=password)
    except users.EmailTaken:
        raise click.ClickException(f"{email} is a user already.") from None
    db.session.commit()
    setup.forget_token()
    click.echo(f"Added {email} as {role}.")


@click.command("reset-password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, required=True, help="Read it from standard input.")
@with_appcontext
def reset_password(email: str, password_stdin: bool) -> None:
    """Give a user a new password, for an owner who forgot theirs. Ends their sessions."""
    databases.migrate()
    user = users.by_email(email)
    if user is None:
        raise click.ClickException(f"No user has the e-mail address {email}.")
    users.set_password(user, _from_stdin(user.email, user.name), None, "Password reset by command")
    db.session.commit()
    told = " They are disabled: an owner must enable them." if user.disabled_at else ""
    click.echo(f"{user.email} has a new password.{told}")


def _from_stdin(email: str, name: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if told := weakness(password, email=email, name=name):
        raise click.ClickException(told)
    return password
