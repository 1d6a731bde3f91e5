"""From when shipments are ready, and of freight its pallets: as typed, stored, or to be mended."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import request

from blueprints.sending import packing
from inventory.models import Sending, SendingShipment
from inventory.rules import typed
from inventory.rules.sending import Route
from inventory.services import accounts, sendings

SIZES = ("length", "width", "height", "weight")
HEAD = ("freight_class", "declared_value", "currency")
#: Field of freight that must be filled in -> what it is asked for with.
ASKED = {
    "quantity": "Enter the number of pallets.",
    "length": "Enter the length.",
    "width": "Enter the width.",
    "height": "Enter the height.",
    "weight": "Enter the weight of one.",
    "freight_class": "Choose the freight class.",
    "declared_value": "Enter the declared value.",
}
NO_DAY = "Choose the day."


class Row(NamedTuple):
    """A shipment with its fields as typed or stored, and field -> a sentence on what is wrong."""

    shipment: SendingShipment
    values: Mapping[str, str]
    faults: Mapping[str, str]

    @property
    def day(self) -> date | None:
        """The day as it can be read; None while it is wrong."""
        day = typed.day(self.values["ready"])
        return None if isinstance(day, str) else day


def rows(sending: Sending) -> list[Row]:
    """Return a row for each shipment; faults are of what was sent just now."""
    is_freight = sending.route == Route.FREIGHT
    return [_row(one, is_freight=is_freight) for one in sendings.shipments(sending)]


def freight(sending: Sending, row: Row) -> dict[str, Any]:
    """Return class, value and pallets (all alike) of a row without faults, as they are stored."""
    length_unit, weight_unit = packing.units(sending)
    pallet: dict[str, Any] = {name: row.values[name] for name in SIZES}
    pallet |= {"quantity": int(typed.amount(row.values["quantity"]))}
    pallet |= {"is_stackable": bool(row.values["is_stackable"])}
    pallet |= {"length_unit": length_unit, "weight_unit": weight_unit}
    return {name: row.values[name] for name in HEAD} | {"pallets": [pallet]}


def _row(one: SendingShipment, *, is_freight: bool) -> Row:
    asked = f"ready:{one.plan_shipment_id}"
    if request.method != "POST" or asked not in request.form:
        return Row(one, _stored(one), {})
    names = ("ready", *ASKED, "currency", "is_stackable")
    sent = {name: request.form.get(f"{name}:{one.plan_shipment_id}", "") for name in names}
    values = {name: text.strip() for name, text in sent.items()}
    return Row(one, values, dict(_faults(values, is_freight=is_freight)))


def _stored(one: SendingShipment) -> dict[str, str]:
    pallet = (one.freight.get("pallets") or [{}])[0]
    return {
        "ready": one.ready_on.isoformat() if one.ready_on else "",
        **{name: str(pallet.get(name) or "") for name in ("quantity", *SIZES, "is_stackable")},
        **{name: str(one.freight.get(name) or "") for name in HEAD},
    }


def _faults(values: Mapping[str, str], *, is_freight: bool) -> Iterator[tuple[str, str]]:
    if fault := _of_day(values["ready"]):
        yield "ready", fault
    for name, words in ASKED.items() if is_freight else ():
        if not values[name]:
            yield name, words
        elif name != "freight_class" and (fault := _of_number(name, values[name])):
            yield name, fault


def _of_day(text: str) -> str:
    day = typed.day(text) if text else NO_DAY
    if isinstance(day, str):
        return day
    return "" if day >= accounts.today() else "Choose today or a later day."


def _of_number(name: str, text: str) -> str:
    value = typed.amount(text)
    if isinstance(value, str):
        return value
    is_good = value > 0 and not (name == "quantity" and value % 1)
    return "" if is_good else "Enter a number above 0."
