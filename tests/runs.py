"""Claims for tests, and processes that die."""

from extensions import db
from inventory.models import ConnectionLease, SyncRun
from inventory.services import syncs
from tests.factories import LONG_AGO


def lease_of(connection_id: int) -> ConnectionLease:
    return db.session.get_one(ConnectionLease, connection_id, populate_existing=True)


def claim(owner: str = "one") -> syncs.Claim:
    claimed = syncs.claim_next(owner)
    assert claimed is not None
    return claimed


def stop_beating(run: SyncRun) -> None:
    db.session.expire_all()
    run.heartbeat_at = LONG_AGO
    lease_of(run.connection_id).expires_at = LONG_AGO
    db.session.commit()
