"""Fixtures of the pages: a browser on an app whose Amazon is the simulator, and its worker."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Role, SyncKind, User
from jobs.heart import Heart
from jobs.participations import sync_participations
from jobs.worker import work_one
from simulator import CREDENTIALS, Simulator
from tests.conftest import empty_tables
from tests.factories import make_account, make_user
from tests.sending import Trip, set_out
from tests.story import amazon_http


@dataclass
class Shop:
    """An app that talks to ``simulator``, and an owner's browser on it."""

    app: Flask
    simulator: Simulator
    browser: FlaskClient
    owner: User

    def work(self) -> bool:
        """Read the marketplaces of what is queued first, as the worker does."""
        with self.app.app_context():
            worked = work_one(
                Heart(self.app, "tests"),
                kind=SyncKind.PARTICIPATIONS,
                handlers={SyncKind.PARTICIPATIONS: sync_participations},
            )
        db.session.expire_all()
        return worked


@pytest.fixture
def shop(make_app: Callable[..., Flask]) -> Iterator[Shop]:
    simulator = Simulator(limits=False)
    app = make_app(
        AMAZON_HTTP=amazon_http(simulator),
        LWA_CLIENT_ID=CREDENTIALS.client_id,
        LWA_CLIENT_SECRET=CREDENTIALS.client_secret,
        SPAPI_APP_ID=CREDENTIALS.application_id,
        SELLER_CENTRAL_URLS={"US": "https://simulator.invalid"},
    )
    with app.app_context():
        empty_tables()
        make_account()
        owner = make_user(role=Role.OWNER)
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = owner.get_id()
            session["_fresh"] = True
        yield Shop(app, simulator, browser, owner)
        db.session.remove()
    simulator.close()


@pytest.fixture
def trip(app: Flask) -> Iterator[Trip]:
    with set_out(app) as found:
        yield found


@pytest.fixture
def set_off(app: Flask) -> Iterator[Callable[..., Trip]]:
    """Set out with other listings of Amazon's, by their numbers: ``set_off((0, 11))``."""
    with ExitStack() as stack:
        yield lambda skus: stack.enter_context(set_out(app, skus))
