"""/healthz: is it alive, for machines. Needs no login."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from extensions import db

bp = Blueprint("status", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer 200 with the state of database and jobs, 503 when the database does not answer."""
    facts = {"version": current_app.config["VERSION"]}
    try:
        db.session.execute(text("select 1"))
    except SQLAlchemyError:
        return jsonify(database="down", jobs="unknown", oldest_sync_age_s=None, **facts), 503
    return jsonify(database="up", jobs="unknown", oldest_sync_age_s=None, **facts)
