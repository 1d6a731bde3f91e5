"""The page from which one goes on at Amazon: a redirect of a POST is blocked by our own rules."""

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from extensions import db
from inventory.services import oauth


def leave(
    *,
    marketplace_id: str,
    name: str,
    application_id: int | None,
    connection_id: int | None = None,
) -> ResponseReturnValue:
    """Make the state of a consent, commit, and answer with the link to Amazon."""
    wish = oauth.Wish(marketplace_id, name, application_id, connection_id)
    try:
        state, asked_for = oauth.begin(wish, user_id=current_user.id)
    except oauth.NoApplicationId:
        return render_template("oauth/refused.html", reason="application"), 422
    db.session.commit()
    address = oauth.consent_url(marketplace_id, asked_for, state, redirect_uri())
    return render_template("oauth/leave.html", name=name, address=address, draft=True)


def redirect_uri() -> str:
    """Return where Amazon sends the browser back to; it has to be registered there."""
    if base := current_app.config["PUBLIC_URL"]:
        return f"{base}/connections/oauth"
    return url_for("oauth.come_back", _external=True)
