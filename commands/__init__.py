"""The ``flask`` commands. May import what ``jobs`` may, and ``jobs``."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Put every command on ``app.cli``."""
