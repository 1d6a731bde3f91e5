"""Brings a connection's marketplaces, and with them its warehouses, up to date."""

from amazon.errors import UnavailableError
from extensions import db
from inventory.models import Connection, SyncKind
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import syncs, warehouses
from jobs.job import Job


def sync_participations(job: Job) -> None:
    """Ask in which marketplaces the account sells, and give each of the region a warehouse."""
    started = job.now()
    job.commit(stage="Marketplaces")
    participations = job.client.get_marketplace_participations()
    if not any(one.marketplace_id in MARKETPLACES for one in participations):
        # An account always has some; believing this would switch every warehouse off.
        raise UnavailableError("getMarketplaceParticipations", 200, "", "no marketplaces")
    connection = db.session.get_one(Connection, job.connection.id)
    counts = warehouses.appear(connection, participations, run_id=job.run_id)
    syncs.mark(job.connection.id, SyncKind.PARTICIPATIONS, job.scope, started)
    job.commit(done=len(participations), counts=counts.as_dict())
