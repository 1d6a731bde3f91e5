"""What holds for every answer: headers, session limits, and errors people can read."""

import logging
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import logout_user
from flask_wtf.csrf import CSRFError
from htmx_flask import make_response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from blueprints import uploads
from extensions import db, login_manager, writing

logger = logging.getLogger(__name__)

IDLE_S, ABSOLUTE_S = 60 * 60, 12 * 60 * 60
READS = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DEFAULTS = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


class Cookies(SecureCookieSessionInterface):
    """The session in a signed cookie; signer and cookie are made out once, not each request."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._said = lru_cache(maxsize=256)(self._read)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        return self.session_class(deepcopy(self._said(cookie, datetime.now(UTC).date())))

    def _read(self, cookie: str, _day: date) -> dict[str, Any]:
        """Return what a cookie says: nothing where it is not ours. Its age is looked at daily."""
        signer = self.get_signing_serializer(current_app)
        lifetime = current_app.permanent_session_lifetime
        assert signer is not None
        try:
            said: dict[str, Any] = signer.loads(cookie, max_age=int(lifetime.total_seconds()))
        except BadSignature:
            return {}
        return said


def init_app(app: Flask) -> None:
    """Put the rules on ``app``. First of all before-request functions: what may write."""
    app.session_interface = Cookies()
    app.before_request(_say_what_may_write)
    app.before_request(uploads.say_how_much_may_come)
    app.before_request(_end_old_sessions)
    app.after_request(_headers)
    app.teardown_request(_let_write_again)
    app.register_error_handler(CSRFError, _start_over)
    app.register_error_handler(HTTPException, _explain)
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(away, _database_away)
    app.register_error_handler(DatabaseError, _refused_by_the_database)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(Exception, _our_fault)
    login_manager.unauthorized_handler(_ask_to_sign_in)


def _say_what_may_write() -> None:
    """On SQLite a request that only reads takes no write lock, and cannot write by mistake."""
    writing.set(request.method not in READS)


def _let_write_again(_error: BaseException | None) -> None:
    writing.set(True)


def _end_old_sessions() -> None:
    if request.endpoint == "static" or "login_at" not in session:
        return
    now = int(datetime.now(UTC).timestamp())
    if now - session["login_at"] > ABSOLUTE_S or now - session.get("seen_at", 0) > IDLE_S:
        logout_user()
        session.clear()
    elif now - session["seen_at"] > 60:
        session["seen_at"] = now  # once a minute: the cookie is written no more often


def _headers(response: Response) -> Response:
    headers = response.headers
    theirs = {name for name, _ in headers}
    headers.extend([one for one in DEFAULTS if one[0] not in theirs])
    if request.is_secure or current_app.config["OVER_TLS"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" or response.status_code >= 400:
        headers.setdefault("Cache-Control", "no-store")
    return response


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send the whole browser to the login page, never a login page into a fragment."""
    if request.headers.get("HX-Request"):
        return make_response("", 401, redirect=url_for("auth.login"))
    come_back = request.full_path.rstrip("?") if request.method in READS else None
    return redirect(url_for("auth.login", next=come_back), 303)


def _start_over(_error: CSRFError) -> ResponseReturnValue:
    """A session ended under an open page: reload it, which leads to the login page."""
    if request.headers.get("HX-Request"):
        return make_response("", 400, refresh=True)
    return _page(400, "This page was open too long", "Go back, reload the page and send it again.")


def _explain(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    title, advice = {
        400: ("That request cannot be read", "Go back, reload the page and try again."),
        403: ("Your role does not allow this", "Ask an owner of this installation."),
        404: ("There is nothing here", "It may have been removed. Search, or go to the home page."),
        405: ("That address takes no such request", "Go back and use the buttons of the page."),
        409: ("Somebody changed this meanwhile", "Reload the page: your view of it is old."),
        413: ("That is too large", f"The limit is {uploads.limit_mb()} MB. Nothing was saved."),
    }.get(code, ("That did not work", error.description or ""))
    if code in (301, 302, 303, 307, 308):
        return error
    if code == 413:
        uploads.drain()
    return _page(code, title, advice)


def _database_away(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    logger.error("database does not answer: %s", type(error).__name__)
    reads = request.method in READS
    answer = _page(
        503,
        "The database does not answer",
        "Nothing is lost. Jobs go on by themselves once it is back; this page tries again."
        if reads
        else "Nothing of this was saved. Go back and send it again in a moment.",
    )
    answer.headers["Retry-After"] = "5"
    if reads:
        answer.headers["Refresh"] = "5"
    return answer


def _refused_by_the_database(error: DatabaseError) -> ResponseReturnValue:
    """SQLite says just this of a file that is none or is damaged; its kinds are our mistakes."""
    return _database_away(error) if type(error) is DatabaseError else _our_fault(error)


def _changed_meanwhile(_error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(
        409,
        "Somebody saved this while you were editing",
        "Nothing of yours was saved. Go back, copy what you typed, and reload the page.",
    )


def _our_fault(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    # The rule, not the address: some hold a secret.
    logger.error("%s %s failed", request.method, request.url_rule, exc_info=error)
    return _page(
        500, "Something went wrong on our side", "The log has the details. Nothing was saved."
    )


def _page(status: int, title: str, advice: str) -> Response:
    """Rendered without the context processors: they ask the database who is signed in."""
    template = current_app.jinja_env.get_template("errors/error.html")
    response: Response = make_response(template.render(title=title, advice=advice), status)
    return response
