"""/calendar: arrivals by month, and as a feed that a calendar program reads at a secret address."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners, viewers
from blueprints.calendar import months
from blueprints.presentation import today
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.rules.icalendar import Event, calendar
from inventory.services import accounts, arrivals
from inventory.services.arrivals import Arrival

bp = Blueprint("calendar", __name__)

PATHS = {"shipment": "shipments", "purchase": "purchase-orders", "transfer": "transfer-orders"}
#: What the feed covers, around today.
BACK, AHEAD = timedelta(days=60), timedelta(days=400)


@bp.get("/calendar")
@viewers
def index() -> str:
    """Show a month of arrivals."""
    return _page()


@bp.post("/calendar/feed")
@planners
@once
def create_feed() -> ResponseReturnValue:
    """Make the feed's address, or a new one; it is shown this once."""
    secret = arrivals.make_feed(user_id=current_user.id)
    leads_to(f"{request.script_root}/calendar")
    db.session.commit()
    return _page(f"{_site()}/calendar/{secret}.ics")


@bp.post("/calendar/feed/delete")
@planners
def delete_feed() -> ResponseReturnValue:
    """End the feed: its address opens nothing any more."""
    if arrivals.end_feed(user_id=current_user.id):
        flash("The calendar feed is ended.")
    db.session.commit()
    return redirect(f"{request.script_root}/calendar", 303)


@bp.get("/calendar/<string:secret>.ics")
def feed(secret: str) -> ResponseReturnValue:
    """Return arrivals as iCalendar to whoever has the address; a program cannot sign in."""
    if not arrivals.opens_feed(secret):
        abort(404)
    now = accounts.now()
    found = arrivals.between(today() - BACK, today() + AHEAD)
    text = calendar("Stockbridge arrivals", [_event(one, now) for one in found])
    headers = {"Content-Disposition": 'attachment; filename="arrivals.ics"'}
    return Response(text, content_type="text/calendar; charset=utf-8", headers=headers)


def _page(feed_url: str = "") -> str:
    first = months.month(request.args.get("month", ""), today())
    before, after = months.neighbours(first)
    last = first + timedelta(days=41)
    found = arrivals.between(first - timedelta(days=7), last)
    weeks = months.weeks(first, found)
    days = [day for week in weeks for day in week if day.arrivals and not day.is_outside]
    shown = [one for day in days for one in day.arrivals]
    return render_template(
        "calendar/index.html",
        first=first,
        before=before,
        after=after,
        weeks=weeks,
        days=days,
        units=sum(day.units for day in days),
        ignored=sum(one.units for one in shown if one.is_ignored),
        unordered=sum(one.units for one in shown if not one.is_ordered and not one.is_ignored),
        undated=arrivals.undated(),
        url=_url,
        feed_url=feed_url,
        has_feed=accounts.account().feed_hash is not None,
    )


def _event(one: Arrival, now: datetime) -> Event:
    apart = "" if one.is_ordered else " (not on order)"
    if one.is_ignored:
        apart = " (ignored: does not count as on order)"
    return Event(
        uid=f"{one.kind}-{one.id}@stockbridge",
        on=one.on,
        summary=f"{one.units} units: {one.name}",
        description=f"{one.units} units of {one.name} expected at {one.place}{apart}",
        url=f"{_site()}{_url(one).removeprefix(request.script_root)}",
        stamp=now,
    )


def _url(one: Arrival) -> str:
    return f"{request.script_root}/{PATHS[one.kind]}/{one.id}"


def _site() -> str:
    """Return the address that people use, without a slash at its end."""
    return current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/")
