"""What needs attention, in sentences: each problem with what it means and the act beside it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from flask import request
from markupsafe import Markup

from blueprints.presentation import ago, day, moment, units
from blueprints.states import FLAGS
from inventory.models import Application, Connection, ConnectionHealth, SyncKind, SyncRun
from inventory.services import attention
from inventory.services.attention import Figures, Flagged

# icons: alert-octagon plug-off key clock-exclamation clock-pause
KINDS = {
    SyncKind.PARTICIPATIONS: "Marketplaces",
    SyncKind.SHIPMENTS: "Inbound shipments",
    SyncKind.PLANS: "Inbound plans",
    SyncKind.STOCK: "Stock",
    SyncKind.LISTINGS: "Listings",
    SyncKind.SENDING: "Sending to Amazon",
}
#: Flag -> the words after the number, and what to do.
FLAG_WORDS = {
    "amazon_error": (
        "in error at Amazon",
        "Amazon asks for something in Seller Central. A linked order keeps counting.",
    ),
    "unknown_status": (
        "with a status that means nothing to us",
        "They keep their last known status. Look at them in Seller Central.",
    ),
    "conflicting": (
        "about which Amazon contradicts itself",
        "They keep their last known status. Look at them in Seller Central.",
    ),
    "went_back": (
        "that Amazon moved back to an earlier status",
        "Their orders stay active and their units go on counting.",
    ),
    "lines_cut": (
        "whose lines are incomplete",
        "Amazon gave only part of them; the next sync asks again.",
    ),
    "unknown_sku": (
        "with SKUs that are not in the catalogue",
        "The SKUs were added as listings without a title.",
    ),
    "marketplace_guess": (
        "whose marketplace is a guess",
        "A wrong one puts units on order in the wrong country. Correct it on the shipment.",
    ),
}
#: Roles, the most urgent first.
URGENCY = ("bad", "warn", "info", "quiet")


class Todo(NamedTuple):
    """A problem. ``act`` and ``url`` are its remedy; the first of a page is the primary one."""

    role: str
    picture: str
    label: str
    title: str
    detail: Markup
    act: str
    url: str


def todos(
    connections: Sequence[Connection],
    failed: Sequence[SyncRun],
    applications: Sequence[Application],
    flagged: Sequence[Flagged],
    figures: Figures,
    today: date,
) -> list[Todo]:
    """Return what needs attention of connections, orders and shipments."""
    names = {one.id: one.name for one in connections}
    failing = [one for one in connections if one.is_enabled and _fails(one)]
    broken = {one.id for one in failing} | {one.id for one in connections if not one.is_enabled}
    found = [_failing(one) for one in failing]
    if connections and not attention.is_led(figures.leader_seen_at):
        found.append(_unled(figures))
    found += [_failed(run, names) for run in failed if run.connection_id not in broken]
    found += [_secret(one, today) for one in applications]
    found += [_consent(one, today) for one in connections if _ends_soon(one, today)]
    found += _overdue(figures)
    if figures.ignored_since:
        found.append(_ignored(figures))
    if figures.source_missing:
        found.append(_source_missing(figures.source_missing))
    order = list(FLAG_WORDS)
    known = sorted(
        (one for one in flagged if one.flag in FLAG_WORDS), key=lambda one: order.index(one.flag)
    )
    return found + [_flagged(one) for one in known]


def _fails(one: Connection) -> bool:
    return one.health == ConnectionHealth.FAILING


def _failing(one: Connection) -> Todo:
    since = Markup(" Failing since {}.").format(moment(one.trouble_since))
    detail = Markup("{} Nothing was changed or deleted.{}").format(
        one.trouble, since if one.trouble_since else ""
    )
    return Todo(
        "bad",
        "alert-octagon",
        "Failing",
        f"{one.name}: nothing is read from Amazon.",
        detail,
        "Open connection",
        f"{request.script_root}/settings/connections/{one.id}",
    )


def _unled(figures: Figures) -> Todo:
    return Todo(
        "bad",
        "clock-pause",
        "Jobs stopped",
        "The background jobs are not running, so nothing is read.",
        Markup("Last seen {}. Start the app with make run, or a process with jobs enabled.").format(
            ago(figures.leader_seen_at)
        ),
        "Activity",
        f"{request.script_root}/activity",
    )


def _failed(run: SyncRun, names: dict[int, str]) -> Todo:
    return Todo(
        "bad",
        "alert-octagon",
        "Failed",
        f"{names.get(run.connection_id, '')}: {KINDS[run.kind].lower()} could not be read.",
        Markup("{} Failed {}; it is tried again by itself.").format(
            run.message or "The log has the details.", ago(run.finished_at)
        ),
        "Show the run",
        f"{request.script_root}/activity/runs/{run.id}",
    )


def _secret(one: Application, today: date) -> Todo:
    assert one.secret_expires_on is not None
    role, when = _expiry(one.secret_expires_on, today)
    return Todo(
        role,
        "key",
        "Expiring",
        f"The client secret of “{one.name}” {when}.",
        Markup("{}. Without a new one every sync that uses it stops.").format(
            day(one.secret_expires_on)
        ),
        "Enter new secret",
        f"{request.script_root}/settings/applications",
    )


def _consent(one: Connection, today: date) -> Todo:
    assert one.authorised_until is not None
    role, when = _expiry(one.authorised_until, today)
    return Todo(
        role,
        "key",
        "Expiring",
        f"The authorisation of {one.name} {when}.",
        Markup("{}. Authorise it again at Amazon; nothing else changes.").format(
            day(one.authorised_until)
        ),
        "Open connection",
        f"{request.script_root}/settings/connections/{one.id}",
    )


def _ends_soon(one: Connection, today: date) -> bool:
    return one.authorised_until is not None and one.authorised_until <= today + attention.SOON


def _expiry(on: date, today: date) -> tuple[str, str]:
    left = (on - today) // timedelta(days=1)
    if left < 0:
        return "bad", "has expired"
    return "warn", "expires today" if left == 0 else f"expires in {units(left, 'day')}"


def _overdue(figures: Figures) -> list[Todo]:
    """Return one problem of each kind of order: they are two lists."""
    kinds = (
        ("purchase", figures.overdue_purchases, figures.overdue_purchase_units),
        ("transfer", figures.overdue_transfers, figures.overdue_transfer_units),
    )
    return [
        Todo(
            "warn",
            "clock-exclamation",
            "Overdue",
            f"{units(count, f'{kind} order')} {'is' if count == 1 else 'are'} overdue.",
            Markup("{} still count as on order.").format(units(outstanding)),
            "Show them",
            f"{request.script_root}/{kind}-orders?view=overdue",
        )
        for kind, count, outstanding in kinds
        if count
    ]


def _ignored(figures: Figures) -> Todo:
    were = f"{units(figures.ignored_since, 'shipment')} ignored since yesterday"
    return Todo(
        *("quiet", "eye-off", "Ignored"),
        f"{were}, {units(figures.ignored_units_since)}.",
        Markup("They do not count as on order until Amazon works on them or a person says so."),
        *("Review", f"{request.script_root}/shipments/stale?view=ignored"),
    )


def _source_missing(count: int) -> Todo:
    return Todo(
        *FLAGS["source_missing"],
        f"{units(count, 'purchase order')} for want of a source warehouse.",
        Markup("New ones follow once a source is chosen; these stay purchase orders."),
        *("Show them", f"{request.script_root}/purchase-orders?view=open&flag=source_missing"),
    )


def _flagged(one: Flagged) -> Todo:
    role, picture, label = FLAGS[one.flag]
    words, meaning = FLAG_WORDS[one.flag]
    example = Markup('<a href="{}/shipments/{}">{}</a>').format(
        request.script_root, one.example_id, one.example
    )
    more = f" and {one.count - 1} more" if one.count > 1 else ""
    return Todo(
        role or "quiet",
        picture,
        label,
        f"{units(one.count, 'shipment')} {words}.",
        Markup("{} {}{}.").format(meaning, example, more),
        "Show",
        f"{request.script_root}/shipments?view=attention&flag={one.flag}",
    )
