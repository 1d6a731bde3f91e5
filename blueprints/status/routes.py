"""/healthz: is it alive, for machines. Needs no login."""

from datetime import timedelta

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from extensions import db
from inventory.services import accounts, syncs

bp = Blueprint("status", __name__)

#: Whoever runs the timetable says so every few seconds.
SEEN = timedelta(seconds=30)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer 200 with the state of database and jobs, 503 when the database does not answer."""
    facts = {"version": current_app.config["VERSION"]}
    try:
        db.session.execute(text("select 1"))
        facts |= {"jobs": _jobs(), "oldest_sync_age_s": syncs.oldest_age_s()}
    except SQLAlchemyError:
        return jsonify(database="down", jobs="unknown", oldest_sync_age_s=None, **facts), 503
    return jsonify(database="up", **facts)


def _jobs() -> str:
    """Return "running" if any process runs them, "off" if this one may not, else "stopped"."""
    seen_at = syncs.leader_seen_at()
    if seen_at and accounts.now() - seen_at < SEEN:
        return "running"
    return "stopped" if current_app.config["JOBS_ENABLED"] else "off"
