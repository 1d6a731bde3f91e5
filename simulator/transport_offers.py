"""The transport that Amazon offers for a shipment: a function of what was told and when."""

from typing import Any

from simulator import dice
from simulator.almanac import DAY_S, HOUR_S
from simulator.drafts import Draft
from simulator.plans import currency
from simulator.times import milliseconds_iso

PARTNERED, OWN = "AMAZON_PARTNERED_CARRIER", "USE_YOUR_OWN_CARRIER"
PARCEL, LTL, FTL = "GROUND_SMALL_PARCEL", "FREIGHT_LTL", "FREIGHT_FTL_PALLET"
_LB_OF_KG, _CM_OF_IN = 2.2046, 2.54
#: What Amazon's carrier takes as small parcels (models #4453): boxes of a shipment, pounds of a
#: box, inches of its longest side, and of that with the girth.
_PARCEL_BOXES, _BOX_LB, _BOX_IN, _GIRTH_IN = 200, 150, 108, 165
#: And as freight: pounds of all pallets, at least and at most, and of one.
_FREIGHT_LB, _PALLET_LB = range(150, 40_001), 1500
_LIFE_S = DAY_S
#: With the scripted word ``many_options``: 69 pages of 20 (models #4634).
_MANY = 1377
#: What an offer has beside Amazon's fields.
_OURS = ("lives_s", "voidable_until")
_OWN_CARRIERS = (("UPS", "UPSN"), ("FedEx", "FDEG"), ("Other", ""))


def offers(draft: Draft, shipment: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options of a shipment; none before they were generated.

    Beside Amazon's fields they have ``lives_s``, the seconds after which they expire.
    """
    told = draft.under("transport", shipment["id"])
    if told is None:
        return []
    found = _own(draft)
    if told["word"] == "many_options":
        found += [(LTL, OWN, (f"Carrier {n}", "")) for n in range(_MANY - len(found) - 1)]
    found += _partnered(draft, shipment, told)
    return [_offer(draft, shipment, told, place, *words) for place, words in enumerate(found)]


def shown(offer: dict[str, Any]) -> dict[str, Any]:
    """Return an option in Amazon's fields alone."""
    return {name: value for name, value in offer.items() if name not in _OURS}


def confirmed(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return the confirmed option: its quote can be taken back for a while."""
    row = shown(chosen)
    if "voidable_until" in chosen:
        until = milliseconds_iso(chosen["voidable_until"])
        row["quote"] = {**row["quote"], "voidableUntil": until}
    return row


def _own(draft: Draft) -> list[tuple[str, str, tuple[str, str]]]:
    modes = (LTL, FTL) if draft.known.get("pack_later") else (PARCEL, LTL, FTL)
    return [(mode, OWN, carrier) for mode in modes for carrier in _OWN_CARRIERS]


def _partnered(
    draft: Draft, shipment: dict[str, Any], told: dict[str, Any]
) -> list[tuple[str, str, tuple[str, str]]]:
    """Outside of Amazon's limits an option is missing without a word (models #4663)."""
    found = []
    if not draft.known.get("pack_later") and _are_parcels(shipment["boxes"]):
        found.append((PARCEL, PARTNERED, ("UPS", "UPSN")))
    pallets = [one for one in told["pallets"] if "weight" in one]
    total_lb = sum(one["quantity"] * _pounds(one["weight"]) for one in pallets)
    is_light = all(_pounds(one["weight"]) <= _PALLET_LB for one in pallets)
    if told["has_freight"] and is_light and int(total_lb) in _FREIGHT_LB:
        found.append((LTL, PARTNERED, ("XPO Logistics", "CNWY")))
    return found


def _are_parcels(boxes: list[dict[str, Any]]) -> bool:
    is_few = sum(box["quantity"] for box in boxes) <= _PARCEL_BOXES
    return is_few and all(
        _pounds(box["weight"]) <= _BOX_LB and _is_small(box["dimensions"]) for box in boxes
    )


def _is_small(told: dict[str, Any]) -> bool:
    unit = 1 if told["unitOfMeasurement"] == "IN" else _CM_OF_IN
    *short, longest = sorted(told[side] / unit for side in ("length", "width", "height"))
    return bool(longest <= _BOX_IN and longest + 2 * sum(short) <= _GIRTH_IN)


def _pounds(weight: dict[str, Any]) -> float:
    return float(weight["value"]) * (1 if weight["unit"] == "LB" else _LB_OF_KG)


def _offer(
    draft: Draft,
    shipment: dict[str, Any],
    told: dict[str, Any],
    place: int,
    mode: str,
    solution: str,
    carrier: tuple[str, str],
) -> dict[str, Any]:
    name, code = carrier
    is_own = solution == OWN
    life_s = -60 if told["word"] == "expired" else _LIFE_S
    offer: dict[str, Any] = {
        "shipmentId": shipment["id"],
        "transportationOptionId": dice.long_id("to", shipment["id"], told["round"], place),
        "shippingMode": mode,
        "shippingSolution": solution,
        "carrier": {"name": name, "alphaCode": code} if code else {"name": name},
        "preconditions": ["CONFIRMED_DELIVERY_WINDOW"] if is_own else [],
        "lives_s": life_s,
    }
    if not is_own:
        cost = _cost(draft, shipment, told, mode)
        expiration = milliseconds_iso(told["made"] + life_s)
        offer["quote"] = {"cost": cost, "expiration": expiration}
        if mode != PARCEL:
            start = told["ready"] + 2 * HOUR_S
            offer["carrierAppointment"] = {
                "startTime": milliseconds_iso(start),
                "endTime": milliseconds_iso(start + 4 * HOUR_S),
            }
    return offer


def _cost(
    draft: Draft, shipment: dict[str, Any], told: dict[str, Any], mode: str
) -> dict[str, Any]:
    """Asked again, the carrier names another price."""
    boxes = sum(box["quantity"] for box in shipment["boxes"])
    pallets = sum(one["quantity"] for one in told["pallets"])
    cents = 900 * boxes if mode == PARCEL else 9000 + 6500 * pallets
    cents += dice.pick(0, 400, shipment["id"], mode) + 35 * (told["round"] - 1)
    code = currency(draft.known["country"])
    if told["word"] == "template_amount":
        return {"code": code, "amount": "$cost.amount"}  # models #4252
    return {"code": code, "amount": cents if code == "JPY" else cents / 100}
