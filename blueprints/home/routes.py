"""/ : what needs attention, how fresh the data is, and what arrives."""

from flask import Blueprint, render_template, request

from blueprints import states
from blueprints.access import viewers
from blueprints.home.sending_todos import sending_todos
from blueprints.home.todos import KINDS, URGENCY, todos
from blueprints.presentation import today
from blueprints.shipments.rows import order_url
from inventory.rules.timetable import NIGHT
from inventory.services import accounts, attention, freshness, sending_waits

bp = Blueprint("home", __name__)


@bp.get("/")
@viewers
def index() -> str:
    """Show what needs attention, most urgent first."""
    connections = attention.connections()
    runs = attention.runs(accounts.now())
    figures = attention.figures(today())
    arriving = attention.arriving(today())
    found = todos(
        connections,
        attention.latest_failures(runs),
        attention.expiring(today()),
        attention.flagged(),
        figures,
        today(),
    )
    found += sending_todos(sending_waits.waiting())
    return render_template(
        "home/index.html",
        connections=connections,
        todos=sorted(found, key=lambda one: URGENCY.index(one.role)),
        figures=figures,
        arriving=[
            (order_url(request.script_root, order), order, name, states.status(order.status))
            for order, name in arriving[: attention.ARRIVALS]
        ],
        has_more_arrivals=len(arriving) > attention.ARRIVALS,
        fresh=freshness.by_connection(connections, runs),
        is_led=attention.is_led(figures.leader_seen_at),
        kinds=KINDS,
        night=NIGHT,
    )


@bp.get("/freshness")
@viewers
def fresh() -> str:
    """Return how fresh the data is; the panel asks again while something is read."""
    return render_template(
        "home/_fresh.html",
        fresh=freshness.by_connection(attention.connections(), freshness.under_way()),
        is_led=attention.is_led(attention.leader_seen_at()),
        kinds=KINDS,
        night=NIGHT,
    )
