"""The application factory: configure, bind extensions, mount blueprints and commands."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import blueprints
import commands
import config
from blueprints import presentation, security, states
from extensions import csrf, db, htmx, login_manager, migrate


def create_app(**overrides: Any) -> Flask:
    """Return the app, wired and idle: it starts no jobs and touches no database.

    ``overrides`` win over the environment (tests, benches).
    """
    app = Flask(__name__)
    app.config.from_mapping(config.load(**overrides))
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True})
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    htmx.init_app(app)
    security.init_app(app)
    for extension in (db, login_manager, csrf):
        extension.init_app(app)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True)
    presentation.init_app(app)
    states.init_app(app)
    blueprints.init_app(app)
    commands.init_app(app)
    return app
