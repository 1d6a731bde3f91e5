"""A scratch installation for a bench: the app on an empty database, connected to a simulator."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from extensions import db
from inventory.models import Account, Connection
from inventory.services import accounts, secrets
from simulator import CREDENTIALS

ROOT = Path(__file__).parent.parent
US = "ATVPDKIKX0DER"


@contextlib.contextmanager
def installation(simulator_url: str = "", **overrides: Any) -> Iterator[Flask]:
    """Yield an app whose Amazon is at ``simulator_url``, on a database that is then thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "INSTANCE": Path(folder),
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/bench.db",
            "LWA_CLIENT_ID": CREDENTIALS.client_id,
            "LWA_CLIENT_SECRET": CREDENTIALS.client_secret,
            "LWA_TOKEN_URL": f"{simulator_url}/auth/o2/token",
            "SPAPI_ENDPOINTS": dict.fromkeys(("NA", "EU", "FE"), simulator_url),
        }
        app = create_app(**{**settings, **overrides})
        with app.app_context():
            upgrade(str(ROOT / "migrations"))
            db.session.add(Account(id=1, timezone="Europe/Berlin", currency="EUR"))
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()


def connect(name: str = "Bench NA") -> int:
    """Store a connection to the simulated seller; return its id."""
    connection = Connection(
        name=name,
        region="NA",
        seller_id=CREDENTIALS.seller_id,
        primary_marketplace_id=US,
        created_at=accounts.now(),
    )
    db.session.add(connection)
    db.session.flush()
    connection.refresh_token_encrypted = secrets.encrypt(
        CREDENTIALS.refresh_token, f"connection:{connection.id}:refresh_token"
    )
    db.session.commit()
    return connection.id
