"""What is in which box."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from inventory.rules import boxes
from inventory.rules.boxes import Box

BOX = Box(2, Decimal(40), Decimal(30), Decimal(20), Decimal("9.5"), {"MUG": 6, "JUG": 1})


def test_identical_boxes_share_out_what_can_be_shared() -> None:
    assert boxes.identical({"MUG": 24, "JUG": 8}, 4) == {"MUG": 6, "JUG": 2}
    assert boxes.identical({"MUG": 24, "JUG": 9}, 4) is None
    assert boxes.identical({"MUG": 24}, 0) is None


def test_case_packs_hold_one_sku_each_and_the_rest_has_a_box_of_its_own() -> None:
    packs = boxes.case_packs({"MUG": 26, "JUG": 5, "CUP": 12}, {"MUG": 12, "CUP": 12})

    assert packs == [(2, {"MUG": 12}), (1, {"MUG": 2}), (1, {"JUG": 5}), (1, {"CUP": 12})]


def test_boxes_that_hold_everything_have_no_problem() -> None:
    assert boxes.problems([BOX], {"MUG": 12, "JUG": 2}) == []


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (replace(BOX, quantity=3), "MUG: 18 units are in boxes, 12 are sent."),
        (replace(BOX, contents={"MUG": 6}), "JUG: 0 units are in boxes, 2 are sent."),
        (replace(BOX, contents={"MUG": 6, "JUG": 1, "CUP": 1}), "CUP: 2 units are in boxes, 0"),
        (replace(BOX, contents={}), "Box 1: say what is in it."),
        (replace(BOX, width=Decimal(0)), "Box 1: length, width and height are needed."),
        (replace(BOX, weight=Decimal(0)), "Box 1: the weight is needed."),
        (replace(BOX, weight_unit="ST"), "kilograms or pounds"),
        (replace(BOX, quantity=0), "Box 1: say how many there are."),
        (replace(BOX, quantity=6000), "more than 5,000 boxes"),
    ],
)
def test_each_problem_is_told(box: Box, words: str) -> None:
    assert any(words in one for one in boxes.problems([box], {"MUG": 12, "JUG": 2}))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"weight": Decimal("68.0")}, None),
        ({"weight": Decimal("68.1")}, "no box over 150 lb"),
        ({"weight": Decimal(150), "weight_unit": "LB"}, None),
        ({"weight": Decimal("150.1"), "weight_unit": "LB"}, "no box over 150 lb"),
        ({"length": Decimal(274), "width": Decimal(30), "height": Decimal(30)}, None),
        ({"length": Decimal(275), "width": Decimal(30), "height": Decimal(30)}, "no box longer"),
        ({"height": Decimal(110), "width": Decimal(60), "length": Decimal(95)}, "419 cm"),
    ],
)
def test_amazon_s_carrier_takes_parcels_within_limits(
    changed: dict[str, Any], words: str | None
) -> None:
    found = boxes.parcel_problems([replace(BOX, **changed)])

    assert (words in found[0] and "carrier of your own" in found[-1]) if words else found == []
