"""What people are told who ask a disabled connection to read."""

from flask import flash


def refuse(name: str) -> None:
    """Tell on the next page why nothing was queued; ``name`` is the connection's."""
    flash(f"{name} is disabled: enable it first.", "error")
