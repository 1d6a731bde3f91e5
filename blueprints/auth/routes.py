"""/login, /logout, /setup: who is at the keyboard."""

from flask import Blueprint, render_template

from extensions import db, login_manager
from inventory.models import User

bp = Blueprint("auth", __name__)


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """Return the user of a session, unless its nonce is old or the user disabled."""
    user_id, _, nonce = session_id.partition(".")
    user = db.session.get(User, int(user_id)) if user_id.isdigit() else None
    return user if user and user.nonce == nonce and user.is_active else None


@bp.get("/login")
def login() -> str:
    """Show the sign-in form."""
    return render_template("auth/login.html")
