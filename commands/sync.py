"""``flask --app app sync``: run what is due, or what is named, now and in this process."""

import time

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from commands import databases
from extensions import db
from inventory.models import Connection, SyncKind, SyncRun, SyncState
from inventory.services import syncs
from jobs import schedule
from jobs.heart import Heart
from jobs.worker import work_one

#: Sendings are not read; they are queued by what people decide.
KINDS = click.Choice([kind.value for kind in SyncKind if kind != SyncKind.SENDING])
POLL_S = 0.5


def init_app(app: Flask) -> None:
    """Put the command on ``app.cli``."""
    app.cli.add_command(sync)


@click.command("sync")
@click.option("--connection", "connection_id", type=int, help="Only this connection.")
@click.option("--kind", type=KINDS, help="Only this kind.")
@click.option("--wait", is_flag=True, help="Run it here and report each run; else only queue it.")
@with_appcontext
def sync(connection_id: int | None, kind: str | None, wait: bool) -> None:
    """Run what is due, or named. Ends with 0 only if all runs succeeded."""
    if databases.revision() != databases.head():
        raise click.ClickException("Start the app once (make run), so that its tables are there.")
    wanted = SyncKind(kind) if kind else None
    if connection_id is None and wanted is None:
        queued = schedule.queue_due()
    else:
        queued = _request(connection_id, wanted)
    if not queued and not (wait and _under_way(connection_id, wanted)):
        click.echo("Nothing is due.")
        return
    if not wait:
        click.echo(f"{queued} run{'' if queued == 1 else 's'} queued.")
        return
    if not _work_off(connection_id, wanted):
        raise SystemExit(1)


def _request(connection_id: int | None, kind: SyncKind | None) -> int:
    """Return how many runs wait now that were asked for."""
    enabled = select(Connection.id).where(Connection.disabled_at.is_(None)).order_by(Connection.id)
    if connection_id is not None:
        enabled = enabled.where(Connection.id == connection_id)
    ids = db.session.scalars(enabled).all()
    if connection_id is not None and not ids:
        raise click.ClickException(f"There is no enabled connection {connection_id}.")
    runs: list[SyncRun] = []
    for one in ids:
        if kind is None:
            runs += syncs.request_all(one, cause="person")
        else:
            runs.append(syncs.request(one, kind, cause="person", priority=0))
    queued = sum(run.state == SyncState.QUEUED for run in runs)
    db.session.commit()
    return queued


def _work_off(connection_id: int | None, kind: SyncKind | None) -> bool:
    """Work until all matching runs have ended, those too that other processes have taken."""
    # Click pushed this context; the heart's thread needs the app itself.
    heart = Heart(current_app._get_current_object(), schedule.process_name())  # type: ignore[attr-defined]
    heart.start()
    open_runs: set[int] = set()
    is_good = True
    try:
        while open_runs := open_runs | _under_way(connection_id, kind):
            syncs.take_over_dead()
            worked = work_one(heart, connection_id=connection_id, kind=kind)
            for run in _ended(open_runs):
                open_runs.discard(run.id)
                is_good = is_good and run.state == SyncState.SUCCEEDED
                click.echo(_line(run))
            if not worked and open_runs:
                time.sleep(POLL_S)
    finally:
        heart.stop()
    return is_good


def _under_way(connection_id: int | None, kind: SyncKind | None) -> set[int]:
    runs = (
        select(SyncRun.id)
        .join(Connection, Connection.id == SyncRun.connection_id)
        .where(SyncRun.state.in_(syncs.UNDER_WAY), Connection.disabled_at.is_(None))
    )
    if connection_id is not None:
        runs = runs.where(SyncRun.connection_id == connection_id)
    if kind is not None:
        runs = runs.where(SyncRun.kind == kind)
    return set(db.session.scalars(runs))


def _ended(ids: set[int]) -> list[SyncRun]:
    runs = select(SyncRun).where(SyncRun.id.in_(ids), SyncRun.state.not_in(syncs.UNDER_WAY))
    ended = list(db.session.scalars(runs.order_by(SyncRun.id)))
    for run in ended:
        run.connection  # noqa: B018 - read before the transaction ends
    db.session.commit()
    return ended


def _line(run: SyncRun) -> str:
    scope = f" ({run.scope})" if run.scope else ""
    rows = f"{run.created} created, {run.changed} changed, {run.unchanged} unchanged"
    figures = f"{rows}, {run.calls} calls"
    message = f": {run.message}" if run.message else ""
    return f"{run.connection.name}: {run.kind}{scope} {run.state} ({figures}){message}"
