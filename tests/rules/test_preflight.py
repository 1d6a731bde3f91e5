from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from inventory.rules import preflight
from inventory.rules.preflight import Line, Severity
from inventory.rules.ship_from import ShipFrom

US, DE, BR = "ATVPDKIKX0DER", "A1PA6795UKMFR9", "A2Q3Y263D00KWC"
TODAY = date(2026, 11, 24)
LINE = Line("MUG-1", 24, "SELLER", "SELLER")
ADDRESS = ShipFrom("Depot", "12 Pier Road", "", "Portland", "ME", "04101", "US", "2075550100")


def found(
    *lines: Line, where: tuple[str, ...] = (US,), ship_from: ShipFrom = ADDRESS
) -> list[tuple[str, str, str]]:
    problems = preflight.check(
        marketplace_ids=where, lines=lines or (LINE,), ship_from=ship_from, today=TODAY
    )
    assert all(one.reason and one.fix for one in problems)
    return [(one.sku, one.severity.value, one.code) for one in problems]


def test_what_is_right_has_no_problems() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("more", "severity", "code"),
    [
        ({"units": 0}, "error", "units"),
        ({"units": 500_001}, "error", "units"),
        ({"units": 25, "limit": 24}, "error", "limit"),
        ({"case_units": 7}, "warning", "case"),
        ({"channel": ""}, "error", "listing"),
        ({"channel": "FBM"}, "error", "listing"),
        ({"in_marketplace": False}, "error", "listing"),
        ({"is_active": False}, "warning", "inactive"),
        ({"ineligible": ("FBA_INB_0018",)}, "error", "eligibility"),
        ({"prep_category": "UNKNOWN"}, "error", "prep_category"),
        (
            {"prep_types": ("ITEM_BUBBLEWRAP",), "prep_owner": "NONE"},
            "warning",
            "prep_owner",
        ),
        ({"prep_constraint": "NONE_ONLY"}, "error", "owner"),
        ({"label_constraint": "NONE_ONLY"}, "error", "owner"),
        ({"prep_owner": "AMAZON"}, "error", "owner"),
        ({"label_owner": ""}, "error", "owner"),
        ({"must_owners_match": True, "label_owner": "NONE"}, "error", "owner"),
        ({"expires_on": TODAY}, "error", "expired"),
        ({"expires_on": date(2027, 1, 10)}, "warning", "short_life"),
        ({"lot": "x" * 257}, "error", "lot"),
    ],
)
def test_each_thing_that_amazon_would_refuse_is_told_with_its_line(
    more: dict[str, Any], severity: str, code: str
) -> None:
    assert found(replace(LINE, **more)) == [("MUG-1", severity, code)]


@pytest.mark.parametrize(
    "more",
    [
        {"units": 24, "limit": 24, "case_units": 12},
        {"is_active": True, "in_marketplace": True, "ineligible": ()},
        {"prep_category": "NONE", "prep_types": ("ITEM_NO_PREP",), "prep_owner": "NONE"},
        {"prep_constraint": "SELLER_ONLY", "label_constraint": "SELLER_ONLY"},
        {"must_owners_match": True},
        {"expires_on": date(2027, 12, 1), "lot": "L7"},
    ],
)
def test_what_amazon_takes_is_no_problem(more: dict[str, Any]) -> None:
    assert found(replace(LINE, **more)) == []


def test_amazon_still_prepares_and_labels_outside_the_us() -> None:
    line = replace(LINE, prep_owner="AMAZON", label_owner="AMAZON")

    assert found(line, where=(DE,)) == []


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        ((US, DE), ["marketplaces"]),
        ((), ["marketplaces"]),
        ((BR,), ["marketplace"]),
        (("X",), ["marketplace"]),
    ],
)
def test_a_plan_goes_to_one_marketplace_that_takes_plans(
    where: tuple[str, ...], codes: list[str]
) -> None:
    assert [code for _, _, code in found(where=where)] == codes


def test_a_plan_has_1_to_1500_lines() -> None:
    lines = [replace(LINE, sku=f"S{n}") for n in range(1501)]
    problems = preflight.check(marketplace_ids=(US,), lines=[], ship_from=ADDRESS, today=TODAY)

    assert [one.code for one in problems] == ["lines"]
    assert found(*lines) == [("", "error", "lines")]
    assert found(*lines[:1500]) == []


def test_one_expiry_date_for_each_sku_and_one_line() -> None:
    dated = replace(LINE, expires_on=date(2027, 12, 1))

    assert found(LINE, dated) == [("MUG-1", "error", "expiries")]
    assert found(dated, dated) == [("MUG-1", "error", "twice")]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"name": ""}, "has no name"),
        ({"phone": " "}, "has no phone number"),
        ({"state": ""}, "has no state"),
        ({"city": "x" * 31}, "longer than 30"),
        ({"line1": "x" * 181}, "longer than 180"),
        ({"line2": "x" * 61}, "longer than 60"),
        ({"postal_code": ""}, "has no postcode"),
        ({"country": "USA"}, "longer than 2"),
    ],
)
def test_the_address_is_checked_field_by_field(more: dict[str, str], reason: str) -> None:
    [problem] = preflight.check(
        marketplace_ids=(US,), lines=[LINE], ship_from=replace(ADDRESS, **more), today=TODAY
    )

    assert reason in problem.reason
    assert (problem.sku, problem.code) == ("", "address")


def test_a_german_address_needs_no_state() -> None:
    assert found(ship_from=replace(ADDRESS, state="", country="DE")) == []


def test_all_is_told_at_once_the_plan_first_then_line_by_line() -> None:
    lines = (replace(LINE, units=0, channel=""), replace(LINE, sku="CUP", is_active=False))

    problems = preflight.check(
        marketplace_ids=(US,), lines=lines, ship_from=ShipFrom(country="DE"), today=TODAY
    )

    assert [one.sku for one in problems] == [""] * 5 + ["MUG-1"] * 2 + ["CUP"]
    assert len(preflight.errors(problems)) == 7
    assert problems[-1].severity == Severity.WARNING


def test_the_prep_category_is_set_here_or_where_amazon_has_no_call_for_it_there() -> None:
    unknown = replace(LINE, prep_category="UNKNOWN")

    fixes = [
        preflight.check(marketplace_ids=(where,), lines=[unknown], ship_from=ADDRESS, today=TODAY)[
            0
        ].fix
        for where in (US, "A1C3SOZRARQ6R3")
    ]

    assert fixes == ["Set the prep category here.", "Set the prep category in Seller Central."]
