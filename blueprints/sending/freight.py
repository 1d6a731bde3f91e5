"""The pallets of a shipment as they are typed, and what a freight carrier asks of them."""

from collections.abc import Mapping
from typing import Any

from flask import request

from blueprints.sending import packing
from inventory.models import Sending
from inventory.rules import typed
from inventory.services.sendings import Refused

SIZES = ("length", "width", "height", "weight")
HEAD = ("freight_class", "declared_value", "currency")
#: Field -> what it is called in a sentence.
NUMBERS = {
    "quantity": "number of pallets",
    **{name: name for name in SIZES},
    "declared_value": "declared value",
}


def read(sending: Sending, shipment: str) -> Mapping[str, Any]:
    """Return class, value and pallets (all alike) of a shipment; nothing where none are told.

    Raises ``Refused`` with a sentence on what cannot be read.
    """
    said = {
        name: request.form.get(f"{name}:{shipment}", "").strip()
        for name in (*NUMBERS, *HEAD, "is_stackable")
    }
    if not said["quantity"]:
        return {}
    for name, words in NUMBERS.items():
        value = typed.amount(said[name]) if said[name] else "It is missing."
        if isinstance(value, str):
            raise Refused(f"Pallets, {words}: {value}")
        if not value or (name == "quantity" and value % 1):
            raise Refused(f"Pallets, {words}: enter a number above 0.")
    length_unit, weight_unit = packing.units(sending)
    pallet: dict[str, Any] = {name: said[name] for name in SIZES}
    pallet |= {"quantity": int(said["quantity"]), "is_stackable": bool(said["is_stackable"])}
    pallet |= {"length_unit": length_unit, "weight_unit": weight_unit}
    return {name: said[name] for name in HEAD} | {"pallets": [pallet]}
