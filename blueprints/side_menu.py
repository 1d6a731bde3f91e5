"""The side menu of the settings: only what is mounted, and what the user may open."""

from flask import Flask, current_app

from blueprints.access import may
from blueprints.presentation import page_address
from inventory.models import Role

#: (endpoint, label), in order.
PAGES = (
    ("connections.index", "Connections & warehouses"),
    ("settings.purchase_orders", "Purchase orders"),
    ("rates.index", "Exchange rates"),
    ("account.show", "Account"),
    ("applications.index", "Amazon applications"),
    ("users.index", "Users"),
    ("syncs.index", "Activity"),
)


def init_app(app: Flask) -> None:
    """Give every template the words below."""
    app.jinja_env.globals.update(
        is_mounted=is_mounted, settings_pages=settings_pages, settings_home=settings_home
    )


def is_mounted(endpoint: str) -> bool:
    """Return whether this installation has the page."""
    return endpoint in current_app.view_functions


def settings_pages() -> list[tuple[str, str, str]]:
    """Return endpoint, label and path of the pages that the signed-in user may open."""
    return [
        (endpoint, label, page_address(endpoint)) for endpoint, label in PAGES if _open(endpoint)
    ]


def settings_home() -> str:
    """Return the endpoint that "Settings" leads to."""
    return next(endpoint for endpoint, _ in PAGES if _open(endpoint))


def _open(endpoint: str) -> bool:
    if not is_mounted(endpoint):
        return False
    return may(getattr(current_app.view_functions[endpoint], "least_role", Role.OWNER))
