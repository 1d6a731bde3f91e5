from datetime import date
from typing import Any

import pytest

from inventory.rules import flags
from inventory.rules.wording import counted, is_of_line, sentence

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"expected": ["2026-12-02", "2026-12-05"]}, "Expected 2 Dec → 5 Dec"),
        ({"expected": ["2026-12-30", "2027-01-04"]}, "Expected 30 Dec → 4 Jan 2027"),
        ({"expected": [None, "2026-12-05"]}, "Expected none → 5 Dec"),
        ({"destination": ["NA FBA US", "NA FBA CA"]}, "Destination NA FBA US → NA FBA CA"),
        ({"flags": ["marketplace_guess", ""]}, "Marketplace no longer a guess"),
        ({"flags": ["", "unknown_sku"]}, "SKU not in the catalogue"),
        ({"flags": ["", "went_back:SHIPPED"]}, "Amazon went back to Shipped"),
        ({"flags": ["went_back:SHIPPED", "went_back:WORKING"]}, "Amazon went back to Preparing"),
        (
            {"created": ["2026-11-24", "2026-11-20"], "flags": ["marketplace_guess", ""]},
            "Created 24 Nov → 20 Nov; Marketplace no longer a guess",
        ),
        ({"Amazon's status": ["SHIPPED", "RECEIVING"]}, "Status Shipped → Receiving"),
        (
            {"Amazon's status": ["DELIVERED", "CHECKED_IN"]},
            "Amazon's status DELIVERED → CHECKED_IN",
        ),
        ({"Amazon's status": ["SHIPPED", ""]}, "Status Shipped → none"),
        ({"Amazon's status": ["SHIPPED", "BRAND_NEW"]}, "Status Shipped → BRAND_NEW"),
        (
            {
                "Amazon's status": ["RECEIVING", "CLOSED"],
                "status": ["Receiving", "Closed"],
                "type": ["active", "closed"],
                "closed": [None, "2026-11-24"],
                "units received": [3, 7],
                "units outstanding": [4, 0],
            },
            "Status Receiving → Closed; Received +4 units",
        ),
        ({"units outstanding": [4, 0]}, "Outstanding −4 units"),
        ({"shipping and handling": [None, "12.30 USD"]}, "Shipping/handling none → 12.30 USD"),
        ({}, "Lines changed"),
    ],
)
def test_a_change_is_told_in_words(fields: dict[str, list[Any]], said: str) -> None:
    assert sentence(fields, TODAY) == said


def test_units_are_counted_in_words() -> None:
    assert counted("Received", 1200) == "Received +1,200 units"
    assert counted("Received", -1) == "Received −1 unit"


def test_a_total_is_no_line() -> None:
    assert is_of_line("HP-1 received")
    assert not is_of_line("units received")
    assert not is_of_line("expected")


def test_each_flag_has_words_for_both_ways() -> None:
    assert all(came and went and came != went for came, went in flags.SENTENCES.values())
