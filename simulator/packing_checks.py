"""Compares told boxes with what they must hold."""

from collections import Counter
from typing import Any

from simulator import works
from simulator.works import Problem

HEAVY_LB, _LB_OF_KG = 50, 2.2046


def mismatches(boxes: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[Problem]:
    """Return where boxes and plan differ; boxes whose content is not told are believed."""
    if any(box["contentInformationSource"] != "BOX_CONTENT_PROVIDED" for box in boxes):
        return []
    want: Counter[tuple[Any, ...]] = Counter()
    got: Counter[tuple[Any, ...]] = Counter()
    for line in wanted:
        want[_key(line)] += line["quantity"]
    for box in boxes:
        for line in box.get("items", ()):
            got[_key(line)] += line["quantity"] * box["quantity"]
    return [
        works.problem(
            "PackingQuantityMismatch",
            f"The boxes hold {got[key]} units of {key[0]}, the plan has {want[key]}.",
            "Quantity, owners, expiration and lot must be those of the plan.",
        )
        for key in sorted(want.keys() | got.keys(), key=str)
        if want[key] != got[key]
    ]


def _key(line: dict[str, Any]) -> tuple[Any, ...]:
    names = ("msku", "prepOwner", "labelOwner", "expiration", "manufacturingLotCode")
    return tuple(line.get(name) for name in names)


def heavy(groupings: list[dict[str, Any]]) -> list[Problem]:
    """Return a warning if a box is too heavy to be lifted by one person."""
    weights = [box["weight"] for told in groupings for box in told["boxes"]]
    pounds = [one["value"] * (1 if one["unit"] == "LB" else _LB_OF_KG) for one in weights]
    if not any(weight > HEAVY_LB for weight in pounds):
        return []
    text = f"A box weighs more than {HEAVY_LB} lb: it needs a sign that says so."
    return [works.problem("HeavyBox", text, severity="WARNING")]
