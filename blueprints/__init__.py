"""HTTP in, HTML out. One folder per feature; this is the list of them."""

from flask import Flask

from blueprints import side_menu, submissions
from blueprints.account.routes import bp as account
from blueprints.applications.routes import bp as applications
from blueprints.auth import first as _first  # noqa: F401 - its routes join auth's
from blueprints.auth.routes import bp as auth
from blueprints.home.routes import bp as home
from blueprints.status.routes import bp as status
from blueprints.users.routes import bp as users


def init_app(app: Flask) -> None:
    """Mount every feature."""
    side_menu.init_app(app)
    submissions.init_app(app)
    for blueprint in (account, applications, auth, home, status, users):
        app.register_blueprint(blueprint)
