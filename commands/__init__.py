"""The ``flask`` commands. May import what ``jobs`` may, and ``jobs``."""

from flask import Flask

from commands import users


def init_app(app: Flask) -> None:
    """Put every command on ``app.cli``."""
    users.init_app(app)
