"""The start of a sending: the order is locked, and what is to be sent is written down."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import Sending, SendingLine, SendingState, StockOrder
from inventory.rules import preflight
from inventory.rules.preflight import Problem
from inventory.rules.sending import Route, marker, plan_name
from inventory.services import accounts, changes, order_saving, sending_rows
from inventory.services.sending_drafts import (
    Choices,
    Draft,
    LineChoice,
    can_be_sent,
    draft,
    owners_of,
)
from inventory.services.sending_rows import CREATE, Refused, queue, taken

MARKERS = 10**9


class NotSendable(Refused):
    """The pre-flight found errors; ``problems`` has them all, the first is the sentence."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        one = self.problems[0]
        super().__init__(f"{one.sku}: {one.reason}" if one.sku else one.reason)


def begin(
    order: StockOrder, choices: Choices, *, user_id: int | None, version: int | None = None
) -> Sending:
    """Lock the order and start sending it; return the sending, or the one that is under way.

    Of two who press at once the second gets the first's. Nothing has left yet: the background
    asks Amazon what it would object to first. Flushes; the caller commits. Raises ``Refused``
    (``NotSendable`` with what the pre-flight found) and ``order_saving.OrderChanged``.
    """
    if known := sending_rows.under_way(order.id):
        return known
    db.session.refresh(order)
    if why := can_be_sent(order):
        raise Refused(why)
    if order.locked_at is not None:
        raise Refused("The order was sent to Amazon already.")
    form = _checked(order, choices)
    sending = _new(order, form, choices, user_id)
    try:
        with db.session.begin_nested():
            db.session.add(sending)
    except IntegrityError:
        if other := sending_rows.under_way(order.id):
            return other
        raise
    order_saving.claim(order, version)
    order.locked_at = accounts.now()
    _put_lines(sending, form, choices)
    text = "Sending to Amazon begun"
    changes.record("order", order.id, text, name=order.reference, user_id=user_id)
    queue(sending, user_id=user_id)
    return sending


def correct(sending_id: int, choices: Choices, *, user_id: int | None = None) -> Sending:
    """Change what is sent while nothing has left yet, and check it again.

    Flushes. Raises ``Refused``, ``NotSendable``.
    """
    sending = taken(sending_id)
    is_open = sending.state == SendingState.WAITING and not sending.plan_id and not sending.call
    if not is_open or CREATE in sending.done:
        raise Refused("It can no longer be changed here.")
    form = _checked(sending.order, choices)
    kept = {line.seller_sku: line for line in sending_rows.lines(sending)}
    db.session.execute(sa.delete(SendingLine).where(SendingLine.sending_id == sending.id))
    for line in kept.values():
        db.session.expunge(line)
    sending.prep_owner, sending.label_owner = choices.prep_owner, choices.label_owner
    sending.ship_from, sending.do_not_split = asdict(choices.ship_from), choices.do_not_split
    sending.route = _route(choices.route)
    _put_lines(sending, form, choices, kept)
    sending.state, sending.message, sending.refused = SendingState.WORKING, "", ""
    queue(sending, user_id=user_id)
    db.session.flush()
    return sending


def _checked(order: StockOrder, choices: Choices) -> Draft:
    _route(choices.route)
    form = draft(order, choices)
    if errors := preflight.errors(form.problems):
        raise NotSendable(errors)
    return form


def _route(word: str) -> str:
    if word and word not in list(Route):
        raise Refused("There is no such way to send.")
    return word


def _new(order: StockOrder, form: Draft, choices: Choices, user_id: int | None) -> Sending:
    mark = marker(secrets.randbelow(MARKERS))
    return Sending(
        order_id=order.id,
        connection_id=order.destination.connection_id,
        marketplace_id=form.marketplace_id,
        marker=mark,
        plan_name=plan_name(order.reference, mark),
        route=_route(choices.route),
        do_not_split=choices.do_not_split,
        prep_owner=choices.prep_owner,
        label_owner=choices.label_owner,
        ship_from=asdict(choices.ship_from),
        user_id=user_id,
        created_at=accounts.now(),
    )


def _put_lines(
    sending: Sending,
    form: Draft,
    choices: Choices,
    kept: dict[str, SendingLine] | None = None,
) -> None:
    for row in form.lines:
        choice = choices.lines.get(row.sku, LineChoice())
        prep, label = owners_of(choice, choices)
        line = SendingLine(
            sending_id=sending.id,
            listing_id=row.listing_id,
            seller_sku=row.sku,
            units=row.units,
            prep_owner=prep,
            label_owner=label,
            expires_on=choice.expires_on,
            lot_code=choice.lot_code,
            units_per_case=choice.units_per_case or row.units_per_case,
        )
        if before := (kept or {}).get(row.sku):
            line.prep_category, line.prep_types = before.prep_category, before.prep_types
            line.is_prep_wanted = before.is_prep_wanted
        db.session.add(line)
    db.session.flush()
