"""What is in which box: identical boxes, case packs, and whether everything is in one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

MOST_BOXES = 5000
#: What Amazon's carrier takes as a small parcel: pounds, inches of the longest side, and of that
#: together with the girth.
PARCEL_LB, PARCEL_IN, PARCEL_GIRTH_IN = 150, 108, 165
_POUNDS = {"LB": Decimal(1), "KG": Decimal("2.20462")}
LENGTH_UNITS, WEIGHT_UNITS = ("CM", "IN"), ("KG", "LB")


@dataclass(frozen=True, slots=True)
class Box:
    """``quantity`` boxes alike. Sizes in ``length_unit``, the weight is of one full box.

    ``contents`` maps a SKU to the units in one box.
    """

    quantity: int
    length: Decimal
    width: Decimal
    height: Decimal
    weight: Decimal
    contents: Mapping[str, int] = field(default_factory=dict)
    length_unit: str = "CM"
    weight_unit: str = "KG"


def identical(units: Mapping[str, int], count: int) -> dict[str, int] | None:
    """Return SKU -> units in each of ``count`` boxes alike; None where it does not come out."""
    if count < 1 or any(number % count for number in units.values()):
        return None
    return {sku: number // count for sku, number in units.items()}


def case_packs(
    units: Mapping[str, int], per_case: Mapping[str, int | None]
) -> list[tuple[int, dict[str, int]]]:
    """Return (boxes, contents of one) with one SKU a box, full cases and one box for the rest.

    A SKU whose case is not known goes into one box.
    """
    packs = []
    for sku, number in units.items():
        size = per_case.get(sku) or number
        full, rest = divmod(number, size)
        if full:
            packs.append((full, {sku: size}))
        if rest:
            packs.append((1, {sku: rest}))
    return packs


def problems(boxes: Sequence[Box], units: Mapping[str, int]) -> list[str]:
    """Return sentences on all that Amazon would refuse; ``units`` is what must be boxed."""
    found = [sentence for number, box in enumerate(boxes, 1) for sentence in _of_box(number, box)]
    if sum(box.quantity for box in boxes) > MOST_BOXES:
        found.append(f"There are more than {MOST_BOXES:,} boxes.")
    boxed: dict[str, int] = {}
    for box in boxes:
        for sku, number in box.contents.items():
            boxed[sku] = boxed.get(sku, 0) + number * box.quantity
    for sku in dict.fromkeys([*units, *boxed]):
        if boxed.get(sku, 0) != units.get(sku, 0):
            there, wanted = boxed.get(sku, 0), units.get(sku, 0)
            found.append(f"{sku}: {there} units are in boxes, {wanted} are sent.")
    return found


def parcel_problems(boxes: Sequence[Box]) -> list[str]:
    """Return sentences on what Amazon's carrier does not take as small parcels.

    Amazon says nothing of these: its carrier is missing among the offers (models #4453). It
    takes 200 boxes of a shipment, too, but how they are split is not known yet.
    """
    found = []
    for number, box in enumerate(boxes, 1):
        *short, longest = sorted(_inches(box, side) for side in (box.length, box.width, box.height))
        if box.weight * _POUNDS[box.weight_unit] > PARCEL_LB:
            found.append(
                f"Box {number}: Amazon’s carrier takes no box over {PARCEL_LB} lb (68 kg)."
            )
        if longest > PARCEL_IN or longest + 2 * sum(short) > PARCEL_GIRTH_IN:
            found.append(
                f"Box {number}: Amazon’s carrier takes no box longer than {PARCEL_IN} in (274 cm),"
                f" or {PARCEL_GIRTH_IN} in (419 cm) together with what goes round it."
            )
    return [*found, "Pack smaller boxes, or choose a carrier of your own."] if found else []


def _inches(box: Box, side: Decimal) -> Decimal:
    return side / (Decimal("2.54") if box.length_unit == "CM" else 1)


def _of_box(number: int, box: Box) -> list[str]:
    found = []
    if box.quantity < 1:
        found.append(f"Box {number}: say how many there are.")
    if min(box.length, box.width, box.height) <= 0:
        found.append(f"Box {number}: length, width and height are needed.")
    if box.weight <= 0:
        found.append(f"Box {number}: the weight is needed.")
    if box.length_unit not in LENGTH_UNITS or box.weight_unit not in WEIGHT_UNITS:
        found.append(f"Box {number}: use centimetres or inches, kilograms or pounds.")
    if not box.contents or min(box.contents.values()) < 1:
        found.append(f"Box {number}: say what is in it.")
    return found
