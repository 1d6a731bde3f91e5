"""``flask --app app serve``: migrate, say where it is, and become the server (``make run``)."""

import os
import sys

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from commands import databases
from extensions import db
from inventory.services import setup


def init_app(app: Flask) -> None:
    """Put the command on ``app.cli``."""
    app.cli.add_command(serve)


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Migrate the database, then serve the app and run its jobs."""
    databases.migrate()
    for line in greeting():
        click.echo(line)
    db.session.remove()
    db.engine.dispose()
    sys.stdout.flush()
    arguments = server_arguments()
    os.chdir(current_app.root_path)
    # From here on this process is the server: signals reach it, and nothing is in between.
    os.execv(arguments[0], arguments)  # noqa: S606 - our own interpreter, no shell


def greeting() -> list[str]:
    """Return what the operator reads: the address and, without any user, the set-up link."""
    url = address()
    lines = [f"Stockbridge serves {url}"]
    if setup.is_needed():
        lines.append(f"First run: open {url}/setup?token={setup.make_token()}")
    return lines


def address() -> str:
    """Return the address that people use."""
    config = current_app.config
    if config["PUBLIC_URL"]:
        return str(config["PUBLIC_URL"])
    return f"http://{_host()}:{config['PORT']}"


def server_arguments() -> list[str]:
    """Return the command line of the server."""
    bind = f"{_host()}:{current_app.config['PORT']}"
    settings = ["--config", "gunicorn.conf.py", "--bind", bind]
    return [sys.executable, "-m", "gunicorn", *settings, "app:create_app()"]


def _host() -> str:
    host = str(current_app.config["HOST"])
    return f"[{host}]" if ":" in host else host
