"""What can be done to one order: its buttons, and what its page offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.access import may
from blueprints.shipments.rows import order_url
from inventory.models import Role, StatusType, StockOrder
from inventory.rules.order_acts import refusal
from inventory.services import lookalikes, order_saving, order_statuses, receiving

OPEN = (StatusType.DRAFT, StatusType.ACTIVE)
#: Type an order becomes -> what its button says.
BECOMES = {
    (StatusType.DRAFT, StatusType.ACTIVE): "Make active",
    (StatusType.ACTIVE, StatusType.DRAFT): "Make a draft",
    (StatusType.ACTIVE, StatusType.CLOSED): "Close order",
    (StatusType.DRAFT, StatusType.CANCELED): "Cancel order",
    (StatusType.ACTIVE, StatusType.CANCELED): "Cancel order",
    (StatusType.CLOSED, StatusType.ACTIVE): "Reopen",
    (StatusType.CANCELED, StatusType.ACTIVE): "Reopen",
    (StatusType.CANCELED, StatusType.DRAFT): "Make a draft",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """``becomes`` are (status, label); ``lookalike`` is an order that this one may be."""

    is_amazons: bool
    can_receive: bool
    can_split: bool
    can_delete: bool
    is_all_here: bool
    becomes: Sequence[tuple[str, str]]
    batches: Sequence[receiving.Batch]
    lookalike: StockOrder | None
    closing: str


def offered(order: StockOrder) -> Offered:
    """Return what may be done to ``order`` by the user who looks."""
    is_amazons = order_saving.owned_by_amazon(order)
    is_planner = may(Role.PLANNER)
    types = {} if is_amazons else order_statuses.types()
    names = _becomes(order, types) if is_planner and not is_amazons else []
    is_active = order.status_type == StatusType.ACTIVE
    is_here = order.units_received > 0 and order.units_outstanding == 0
    return Offered(
        is_amazons=is_amazons,
        can_receive=is_planner and not receiving.refusal(order) and order.line_count > 0,
        can_split=not is_amazons and _has_units_left(order),
        can_delete=not is_amazons and order.status_type == StatusType.DRAFT,
        is_all_here=is_planner and not is_amazons and is_active and is_here,
        becomes=names,
        batches=[] if is_amazons else receiving.batches(order.id),
        lookalike=lookalikes.candidate(order),
        closing=_first(types, StatusType.CLOSED) if types else "",
    )


def _has_units_left(order: StockOrder) -> bool:
    is_draft = order.status_type == StatusType.DRAFT
    return order.units_outstanding > 0 or (is_draft and order.units_ordered > 0)


def back(order: StockOrder) -> ResponseReturnValue:
    """Lead back to the order's page."""
    return redirect(order_url(request.script_root, order), 303)


def undoable(sentence: str, address: str) -> None:
    """Say what was done, with a button that undoes it by a POST to ``address``."""
    flash((sentence, address), "undo")  # type: ignore[arg-type]


def _becomes(order: StockOrder, types: dict[str, StatusType]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for kind in StatusType:
        label = BECOMES.get((order.status_type, kind))
        why: Any = refusal(
            order.status_type, kind, is_amazons=False, has_receipts=order.units_received > 0
        )
        if label and not why:
            found.append((_first(types, kind), label))
    return found


def _first(types: dict[str, StatusType], kind: StatusType) -> str:
    return next(name for name, one in types.items() if one == kind)
