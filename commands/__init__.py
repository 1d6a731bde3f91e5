"""The ``flask`` commands. May import what ``jobs`` may, and ``jobs``."""

from flask import Flask

from commands import backup, restore, serve, sync, users


def init_app(app: Flask) -> None:
    """Put every command on ``app.cli``."""
    for command in (backup, restore, serve, sync, users):
        command.init_app(app)
