"""/activity: sync runs, one run, and the log of changes."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from blueprints import frames, lists
from blueprints.access import planners, viewers
from blueprints.connections.refusal import refuse
from blueprints.responses import table_response
from blueprints.shipments.rows import order_url
from blueprints.syncs.rows import run_rows
from extensions import db
from inventory.models import Connection, SyncKind, SyncRun, SyncState
from inventory.services import activity, syncs
from inventory.services.activity import ChangeFilter, RunFilter
from inventory.services.history import Entry
from inventory.services.lists import Page, read

bp = Blueprint("syncs", __name__)

RUN_COLUMNS = (
    "run", "kind", "scope", "connection", "cause", "state", "queued", "started", "finished",
    "took_s", "created", "changed", "unchanged", "calls", "throttled", "waited_s", "message",
)  # fmt: skip
CHANGE_COLUMNS = (
    "at", "who", "cause", "subject_kind", "subject_id", "subject", "summary", "fields", "run",
)  # fmt: skip
SUBJECTS = ("connection", "warehouse", "application", "user", "account", "shipment", "order", "listing")  # fmt: skip  # noqa: E501
CAUSES = {"person": "A person", "amazon": "Amazon", "rule": "A rule", "system": "Stockbridge"}
CONNECTIONS = select(Connection.id, Connection.name).order_by(Connection.name)
Word = TypeVar("Word", bound=StrEnum)


@bp.get("/activity")
@viewers
@frames.kept_with_runs
def index() -> str:
    """Show the sync runs, newest first."""
    here = lists.address("connection", "kind", "state")
    page = activity.runs(_run_filter(here), here["at"])
    connections = [(str(one), name) for one, name in read(CONNECTIONS)]
    fields = (
        lists.Field("connection", "Connection", connections),
        lists.Field("kind", "Kind", [(kind.value, kind.value.capitalize()) for kind in SyncKind]),
        lists.Field("state", "State", [(one.value, one.value.capitalize()) for one in SyncState]),
    )
    view = _view(here, page, "run", fields)
    return frames.page("syncs/index.html", list=view, rows=run_rows(page.rows, request.script_root))


@bp.get("/activity.xlsx")
@bp.get("/activity.csv")
@viewers
def run_file() -> ResponseReturnValue:
    """Return all runs that the filters let through."""
    found = activity.all_runs(_run_filter(lists.address("connection", "kind", "state")))
    return table_response("activity", RUN_COLUMNS, (_run_cells(row) for row in found))


@bp.get("/activity/runs/<int:run_id>")
@viewers
def show(run_id: int) -> str:
    """Show one run: what it did, how often it called Amazon, what it changed."""
    return render_template("syncs/show.html", **_run(db.get_or_404(SyncRun, run_id)))


@bp.get("/activity/runs/<int:run_id>/status")
@viewers
def status(run_id: int) -> str:
    """Return the run alone; it asks for itself again until it has ended."""
    return render_template("syncs/_run.html", **_run(db.get_or_404(SyncRun, run_id)))


@bp.post("/activity/runs/<int:run_id>/retry")
@planners
def retry(run_id: int) -> ResponseReturnValue:
    """Queue the same reading again."""
    run = db.get_or_404(SyncRun, run_id)
    if not run.connection.is_enabled:
        refuse(run.connection.name)
        return redirect(url_for(".show", run_id=run.id), 303)
    again = syncs.request(
        run.connection_id,
        run.kind,
        scope=run.scope,
        cause="person",
        user_id=current_user.id,
        priority=0,
    )
    db.session.commit()
    flash("Queued again.")
    return redirect(url_for(".show", run_id=again.id), 303)


@bp.get("/activity/changes")
@viewers
def changes() -> str:
    """Show the log: who, when, what, old → new."""
    here = lists.address("subject", "cause")
    page, entries = activity.changes(_change_filter(here), here["at"])
    fields = (
        lists.Field("subject", "About", [(one, one.capitalize()) for one in SUBJECTS]),
        lists.Field("cause", "By", list(CAUSES.items())),
    )
    view = _view(here, page, "change", fields)
    return render_template("syncs/changes.html", list=view, entries=entries, urls=_urls(entries))


@bp.get("/activity/changes.xlsx")
@bp.get("/activity/changes.csv")
@viewers
def change_file() -> ResponseReturnValue:
    """Return all changes that the filters let through."""
    found = activity.all_changes(_change_filter(lists.address("subject", "cause")))
    return table_response("changes", CHANGE_COLUMNS, _change_cells(found))


def _run(run: SyncRun) -> dict[str, object]:
    meters = {one.operation: one for one in activity.meters(run.connection_id)}
    called = {name: count for name, count in sorted(run.calls_by_operation.items()) if count}
    entries = activity.changes_of(run)
    return {
        "run": run,
        "called": [(name, count, meters.get(name)) for name, count in called.items()],
        "others": [(name, 0, one) for name, one in meters.items() if name not in called],
        "entries": entries,
        "urls": _urls(entries),
        "limit": activity.CHANGES_SHOWN,
    }


def _urls(entries: Sequence[Entry]) -> dict[tuple[str, int], str]:
    """Return (kind, id) -> the page of each order and shipment that is still there."""
    root, found = request.script_root, activity.subjects(entries)
    urls = {("shipment", one): f"{root}/shipments/{one}" for one in found.shipment_ids}
    return urls | {("order", one.id): order_url(root, one) for one in found.orders}


def _view(
    here: lists.Address, page: Page, noun: str, fields: Sequence[lists.Field]
) -> lists.ListView:
    return lists.ListView(here, page, "", (), "", noun, "Name or what was done", fields)


def _run_filter(here: lists.Address) -> RunFilter:
    return RunFilter(
        connection_id=here.number("connection"),
        kind=_word(SyncKind, here["kind"]),
        state=_word(SyncState, here["state"]),
    )


def _change_filter(here: lists.Address) -> ChangeFilter:
    return ChangeFilter(subject_kind=here["subject"], cause=here["cause"], text=here["q"])


def _word(words: type[Word], text: str) -> Word | None:
    return words(text) if text in {one.value for one in words} else None


def _run_cells(run: Any) -> Sequence[object]:
    took = (run.finished_at - run.started_at).total_seconds() if _has_ended(run) else None
    times = [at and at.isoformat() for at in (run.queued_at, run.started_at, run.finished_at)]
    return (
        run.id, run.kind, run.scope, run.connection, run.cause, run.state, *times, took,
        run.created, run.changed, run.unchanged, run.calls, run.throttled, run.waited_s,
        run.message,
    )  # fmt: skip


def _has_ended(run: Any) -> bool:
    return bool(run.started_at and run.finished_at)


def _change_cells(rows: Iterator[Any]) -> Iterator[Sequence[object]]:
    for row in rows:
        one = row.Change
        who = row.email if one.cause == "person" else one.cause
        fields = json.dumps(one.fields, ensure_ascii=False) if one.fields else None
        yield (
            one.at.isoformat(), who, one.cause, one.subject_kind, one.subject_id,
            one.subject_name, one.summary, fields, one.run_id,
        )  # fmt: skip
