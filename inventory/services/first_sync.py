"""How far a new connection has got: from the test of its token to the end of its first sync."""

from dataclasses import dataclass

from sqlalchemy import select

from extensions import db
from inventory.models import Connection, ConnectionHealth, SyncKind, SyncRun, SyncState, Warehouse
from inventory.services import syncs

#: What each kind is called in the list of steps, in the order of a first sync.
STEPS = {
    SyncKind.SHIPMENTS: "Inbound shipments",
    SyncKind.STOCK: "Stock",
    SyncKind.LISTINGS: "Listings",
    SyncKind.PLANS: "Inbound plans",
}


@dataclass(frozen=True, slots=True)
class Step:
    """``state`` is "done", "running", "waiting" or "failed"; ``run`` has the figures."""

    label: str
    state: str
    run: SyncRun | None = None


@dataclass(frozen=True, slots=True)
class FirstSync:
    """``problem`` is why it does not go on: what Amazon refused, in a sentence; else empty."""

    steps: list[Step]
    warehouses: list[Warehouse]
    problem: str
    is_over: bool


def first_sync(connection: Connection) -> FirstSync:
    """Return the steps of ``connection`` so far. Three queries."""
    latest = _latest(connection.id)
    reading = latest.get(SyncKind.PARTICIPATIONS)
    is_read = has_worked(connection)
    steps = _contact(connection, reading, is_read)
    for kind, label in STEPS.items():
        steps.append(Step(label, _state(latest.get(kind)), latest.get(kind)))
    own = select(Warehouse).where(Warehouse.connection_id == connection.id)
    return FirstSync(
        steps=steps,
        warehouses=list(db.session.scalars(own.order_by(Warehouse.id))),
        problem=_problem(connection, reading),
        is_over=is_read and all(step.state in ("done", "failed") for step in steps),
    )


def has_worked(connection: Connection) -> bool:
    """Return whether Amazon ever answered with the account's marketplaces."""
    return syncs.read_at(connection.id, SyncKind.PARTICIPATIONS) is not None


def _latest(connection_id: int) -> dict[SyncKind, SyncRun]:
    newest_last = select(SyncRun).where(SyncRun.connection_id == connection_id)
    return {run.kind: run for run in db.session.scalars(newest_last.order_by(SyncRun.id))}


def _contact(connection: Connection, reading: SyncRun | None, is_read: bool) -> list[Step]:
    tested = is_read or connection.health == ConnectionHealth.HEALTHY
    failed = reading is not None and reading.state == SyncState.FAILED and not is_read
    test = "failed" if failed else "done" if tested else "running"
    marketplaces = "done" if is_read else "running" if tested else "waiting"
    return [
        Step("Testing the token", test, reading),
        Step("Reading marketplaces", marketplaces, reading),
        Step("Warehouses", "done" if is_read else "waiting"),
    ]


def _state(run: SyncRun | None) -> str:
    if run is None or run.state == SyncState.QUEUED:
        return "waiting"
    return {SyncState.RUNNING: "running", SyncState.SUCCEEDED: "done"}.get(run.state, "failed")


def _problem(connection: Connection, reading: SyncRun | None) -> str:
    if connection.health == ConnectionHealth.FAILING:
        return connection.trouble
    if reading is not None and reading.state == SyncState.FAILED:
        return reading.message
    return ""
