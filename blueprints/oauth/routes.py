"""/connections/oauth: back from Amazon's consent page, and in from its Appstore."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms.validators import ValidationError

from blueprints.access import owners
from blueprints.oauth.forms import LoginForm
from blueprints.oauth.leaving import redirect_uri
from extensions import csrf, db
from inventory.services import applications, oauth
from inventory.services.connections import AlreadyConnected, NameTaken

bp = Blueprint("oauth", __name__, url_prefix="/connections/oauth")


@bp.get("")
@owners
def come_back() -> ResponseReturnValue:
    """Answer Amazon's redirect with a page that posts: a read must not write."""
    values = {
        name: request.args.get(name, "")
        for name in ("state", "selling_partner_id", "spapi_oauth_code")
    }
    if not all(values.values()):
        return render_template("oauth/refused.html", reason="nothing"), 400
    answer = make_response(render_template("oauth/return.html", values=values))
    # The address of this page holds the code: it goes nowhere, not even to ourselves.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.post("")
@csrf.exempt  # checked below: over TLS the usual check wants the referrer that page may not send
@owners
def finish() -> ResponseReturnValue:
    """Use up the state, exchange the code, and make or renew the connection."""
    _check_csrf_token()
    try:
        consent = oauth.use_state(request.form.get("state", ""), user_id=current_user.id)
        user_id = current_user.id
        db.session.commit()  # the exchange calls Amazon: nothing may be open meanwhile
        code = request.form.get("spapi_oauth_code", "")
        token = oauth.exchange(consent, code, redirect_uri())
        seller_id = request.form.get("selling_partner_id", "")
        connection = oauth.authorise(consent, seller_id, token, user_id=user_id)
    except oauth.StateRefused:
        return _refused("state")
    except oauth.ExchangeFailed as failure:
        return _refused("exchange", sentence=str(failure))
    except oauth.WrongSeller as wrong:
        return _refused("seller", seller_id=wrong.seller_id)
    except AlreadyConnected as taken:
        return _refused("taken", name=taken.name)
    except NameTaken:
        return _refused("name")
    db.session.commit()
    if consent.wish.connection_id is None:
        return redirect(url_for("connecting.start", connection_id=connection.id), 303)
    return redirect(url_for("connections.show_test", connection_id=connection.id), 303)


@bp.route("/login", methods=["GET", "POST"])
@owners
def login() -> ResponseReturnValue:
    """Begin where the seller began: at Amazon, which calls this address (login URI)."""
    form = LoginForm(
        request.form or None,
        data=request.args.to_dict() if request.method == "GET" else None,
        applications=[pair for pair in applications.choices() if _can_authorise(pair[0])],
    )
    if not oauth.is_amazons(form.amazon_callback_uri.data or ""):
        return render_template("oauth/refused.html", reason="callback"), 400
    if request.method == "POST" and form.validate():
        wish = oauth.Wish(form.marketplace_id.data, form.name.data, form.application_id.data)
        state, _ = oauth.begin(wish, user_id=current_user.id)
        db.session.commit()
        callback, amazon_state = form.amazon_callback_uri.data, form.amazon_state.data
        address = oauth.callback_url(callback, amazon_state, state, redirect_uri())
        return render_template("oauth/leave.html", name=wish.name, address=address, draft=False)
    return render_template("oauth/login.html", form=form), 422 if form.errors else 200


def _can_authorise(value: str) -> bool:
    wanted = int(value) if value else None
    return any(one.application_id for one in applications.listed() if one.id == wanted)


def _check_csrf_token() -> None:
    if current_app.config["WTF_CSRF_ENABLED"]:
        try:
            validate_csrf(request.form.get("csrf_token"))
        except ValidationError as error:
            raise CSRFError(error.args[0]) from None


def _refused(reason: str, **context: str) -> ResponseReturnValue:
    db.session.rollback()
    return render_template("oauth/refused.html", reason=reason, **context), 422
