"""/shipments/stale: shipments that stopped behaving as planned, as a desk and as a file."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import lists
from blueprints.access import may, viewers
from blueprints.presentation import today, zone
from blueprints.responses import table_response
from blueprints.stale.acts import bp
from blueprints.stale.rows import desk_rows
from blueprints.stale.standing import done
from inventory.models import Account, Role, SyncKind
from inventory.services import accounts, choices, freshness, ignoring, mail, stale_details
from inventory.services import stale_lists as stale
from inventory.services.choices import Choice
from inventory.services.stale_lists import StaleFilter

COLUMNS = (
    "shipment_id", "name", "kind", "status", "order", "warehouse", "expected", "days_past",
    "ignored_on", "by_hand", "last_activity", "units", "value", "currency", "claim_opens",
    "claim_closes", "files", "note",
)  # fmt: skip
#: Columns that may be hidden: (name in the address, label), in order.
CHOSEN = (
    ("why", "Why it is here"), ("destination", "Destination"), ("expected", "Expected"),
    ("moved", "Last movement"), ("units", "At stake"), ("value", "Value"), ("claim", "Claim"),
    ("evidence", "Evidence, note"),
)  # fmt: skip
VIEWS = (
    ("all", "All"),
    ("overdue", "Overdue"),
    ("ignored", "Ignored"),
    ("short", "Short on closing"),
    ("unpicked", "Not picked up"),
)


@bp.get("/shipments/stale")
@viewers
def index() -> str:
    """Show stale shipments."""
    here, wanted, sort = _asked()
    page = stale.page(wanted, sort, here["at"])
    account = accounts.account()  # held, so that the rows find it read
    places, readings = choices.warehouses(), freshness.ages(SyncKind.SHIPMENTS)
    owners = [(str(one.connection_id), one.connection) for one in readings]
    amazon = lists.options(one for one in places.values() if choices.is_fba(one))
    fields = [
        lists.Field("warehouse", "Destination", amazon),
        lists.Field("connection", "Connection", owners),
    ]
    rows = desk_rows(stale_details.describe(page.rows, today(), accounts.now()), places)
    return render_template(
        "stale/index.html",
        list=lists.ListView(
            here,
            page,
            wanted.view,
            VIEWS,
            sort,
            "stale shipment",
            "FBA id, name, SKU",
            fields,
            saved=lists.saved(here),
            columns=CHOSEN,
            lead=2 if may(Role.PLANNER) else 1,  # planners have ticks
        ),
        **_rule(account),
        rows=rows,
        currencies=sorted({row.currency for row in rows if row.currency}),
        **(_sums(wanted) if here["totals"] else {"totals": None, "counts": None}),
        readings=readings,
        back=here.at(here["at"]),
        done=done(request.args.get("undo")),
    )


@bp.get("/shipments/stale/totals")
@viewers
def totals() -> str:
    """Return the sums of a filtered list and all counts: asked for once the list is there."""
    here, wanted, _ = _asked()
    return render_template(
        "stale/_totals.html",
        **_sums(wanted),
        **_rule(accounts.account()),
        views=VIEWS,
        view=wanted.view,
        address=here,
        is_fragment=True,
    )


@bp.get("/shipments/stale.xlsx")
@bp.get("/shipments/stale.csv")
@viewers
def file() -> ResponseReturnValue:
    """Return all stale shipments that the filters let through."""
    _, wanted, sort = _asked()
    rows = _file(wanted, sort, choices.warehouses())
    return table_response("stale-shipments", COLUMNS, rows)


def _rule(account: Account) -> dict[str, Any]:
    """Return what the note above the list says besides the numbers."""
    has_settings = "settings.purchase_orders" in current_app.view_functions
    return {
        "rule": ignoring.rule_of(account),
        "is_mailing": mail.is_on(),
        "settings": has_settings,
    }


def _sums(wanted: StaleFilter) -> dict[str, Any]:
    counts = stale.counts(wanted)
    return {
        "totals": stale.totals(wanted),
        "worth": stale.values(wanted),
        "counts": counts.views,
        "ignored_units": counts.ignored_units,
    }


def _asked() -> tuple[lists.Address, StaleFilter, str]:
    here = lists.address("warehouse", "connection")
    wanted = StaleFilter(
        today=today(),
        midnight=datetime.combine(today(), time(), zone()),
        view=here["view"] if here["view"] in stale.VIEWS else "all",
        q=here["q"],
        warehouse_id=here.number("warehouse"),
        connection_id=here.number("connection"),
    )
    return here, wanted, lists.sorting(here, stale.SORTS, "expected")


def _file(
    wanted: StaleFilter, sort: str, places: Mapping[int, Choice]
) -> Iterator[tuple[Any, ...]]:
    for one in stale.everything(wanted, sort, accounts.now()):
        row, place = one.row, places.get(one.row.warehouse_id)
        yield (
            row.amazon_shipment_id,
            row.name,
            one.kind,
            row.status,
            row.reference,
            place.name if place else None,
            row.due_on,
            one.days_past,
            row.ignored_on,
            row.ignore_pin,
            row.last_activity_at.isoformat(timespec="seconds") if row.last_activity_at else None,
            row.at_stake,
            one.value.amount if one.value else None,
            one.value.currency if one.value else None,
            one.claim.opens_on if one.claim else None,
            one.claim.closes_on if one.claim else None,
            one.files,
            row.note,
        )
