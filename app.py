"""The application factory: configure, bind extensions, mount blueprints and commands."""

import logging
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from werkzeug.middleware.proxy_fix import ProxyFix

import blueprints
import commands
import config
from blueprints import presentation, security, states
from extensions import csrf, db, htmx, login_manager, migrate
from inventory.services import data_marks as _data_marks  # noqa: F401 - it listens to writes
from simulator import Simulator, SimulatorTransport


class App(Flask):
    """A Flask app none of whose functions is async: it need not look for that at each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(**overrides: Any) -> Flask:
    """Return the app, wired and idle: it starts no jobs and touches no database.

    ``overrides`` win over the environment (tests, benches).
    """
    # It logs addresses, and Amazon's hold page tokens and signatures of report files.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    app = App(__name__)
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
    app.extensions["amazon_http"] = app.config.get("AMAZON_HTTP") or amazon_http(app)
    blueprints.init_app(app)
    commands.init_app(app)
    return app


def amazon_http(app: Flask) -> Callable[[], requests.Session]:
    """Return what makes the HTTP sessions of the Amazon client."""
    sandbox = _Sandbox(app.config["INSTANCE"] / "simulator.db")

    def session() -> requests.Session:
        http = requests.Session()
        for region in ("na", "eu", "fe"):
            http.mount(f"https://{region}.simulator.invalid", sandbox)
        return http

    return session


class _Sandbox(BaseAdapter):
    """The built-in simulator, made when a sandbox connection first calls it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @cached_property
    def _transport(self) -> SimulatorTransport:
        return SimulatorTransport(Simulator(self._path))

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        return self._transport.send(*args, **kwargs)

    def close(self) -> None:
        """A session that is closed leaves the simulator to the others."""
