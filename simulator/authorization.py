"""Login with Amazon: access tokens, and the page on which a seller gives consent."""

from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, redirect, request

from simulator import faults, tokens
from simulator.faults import Canned
from simulator.pretend import CREDENTIALS, Simulator

TOKEN_LIFE_S = 3600
CODE_LIFE_S = 300
SANDBOX_PREFIX = "Atzr|sandbox"
_ACCESS, _CODE = "Atza|", "ANcode"


def answer_token(simulator: Simulator) -> Canned | dict[str, Any]:
    """Answer POST /auth/o2/token for the grants refresh_token and authorization_code."""
    form = request.form
    known = (CREDENTIALS.client_id, CREDENTIALS.client_secret)
    refresh_token = form.get("refresh_token", "")
    # The app's own sandbox seller has no Amazon application: any client will do.
    is_sandbox = refresh_token.startswith(SANDBOX_PREFIX)
    if not is_sandbox and (form.get("client_id"), form.get("client_secret")) != known:
        return faults.INVALID_CLIENT
    grant = form.get("grant_type")
    if grant == "refresh_token":
        if not is_sandbox and refresh_token != CREDENTIALS.refresh_token:
            return faults.INVALID_GRANT
    elif grant == "authorization_code":
        if not _use_code(simulator, form.get("code", ""), form.get("redirect_uri")):
            return faults.INVALID_GRANT
        refresh_token = CREDENTIALS.refresh_token
    else:
        return faults.UNSUPPORTED_GRANT
    return {
        "access_token": tokens.seal(_ACCESS, until=simulator.clock() + TOKEN_LIFE_S),
        "refresh_token": refresh_token,
        "token_type": "bearer",
        "expires_in": TOKEN_LIFE_S,
    }


def refusal(simulator: Simulator, access_token: str | None) -> Canned | None:
    """Return Amazon's refusal of an access token; ``None`` for a good one."""
    if not access_token:
        return faults.MISSING_TOKEN
    meaning = tokens.unseal(_ACCESS, access_token)
    if meaning is None:
        return faults.REVOKED
    return faults.EXPIRED_TOKEN if meaning["until"] <= simulator.clock() else None


def consent_page() -> Response:
    """Show what the application asks for, with one link that gives consent."""
    problem = _consent_problem()
    if problem:
        return Response(f"<h1>Amazon Seller Central</h1><p>{problem}</p>", status=400)
    approve = "consent/approve?" + urlencode(request.args)
    name = escape(request.args["application_id"])
    page = (
        "<!doctype html><html lang=en><title>Authorize an application</title>"
        f"<h1>Seller Central (simulated)</h1><p>{name} asks to read your account.</p>"
        f'<p><a id="approve" href="{escape(approve)}">Confirm</a></p></html>'
    )
    return Response(page)


def approve_consent(simulator: Simulator) -> Response:
    """Send the browser back with state, selling_partner_id and a code good for 5 minutes."""
    problem = _consent_problem()
    if problem:
        return Response(problem, status=400)
    back = request.args["redirect_uri"]
    now = simulator.clock()
    values = {
        "state": request.args["state"],
        "selling_partner_id": CREDENTIALS.seller_id,
        "spapi_oauth_code": tokens.seal(_CODE, until=now + CODE_LIFE_S, back=back, made=now),
    }
    mark = "&" if urlsplit(back).query else "?"
    return redirect(back + mark + urlencode(values))  # type: ignore[return-value]


def _consent_problem() -> str:
    values = request.args
    if not values.get("application_id") or not values.get("state"):
        return "MD1000: application_id and state are needed."
    parts = urlsplit(values.get("redirect_uri", ""))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return "MD5101: redirect_uri does not match the registered one."
    return ""


def _use_code(simulator: Simulator, code: str, redirect_uri: str | None) -> bool:
    meaning = tokens.unseal(_CODE, code)
    if meaning is None or meaning["until"] < simulator.clock():
        return False
    return meaning["back"] == redirect_uri and simulator.journal.spend(code)
