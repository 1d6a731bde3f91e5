from itertools import pairwise

import pytest

from inventory.rules import sending
from inventory.rules.sending import Route, Step, Verdict


@pytest.mark.parametrize("route", Route)
def test_every_route_begins_with_the_plan(route: Route) -> None:
    assert sending.ACTS[route][0].operation == "createInboundPlan"


@pytest.mark.parametrize("route", [Route.PARTNERED_PARCEL, Route.OWN_PARCEL])
def test_parcels_bind_nothing_before_the_page_of_costs(route: Route) -> None:
    binding = [act.step for act in sending.ACTS[route] if act.is_binding]

    assert binding == [Step.CONFIRM, Step.CONFIRM]
    assert sending.steps(route) == list(Step)


def test_freight_is_placed_before_it_is_packed() -> None:
    names = [act.operation for act in sending.ACTS[Route.FREIGHT]]

    assert names.index("confirmPlacementOption") < names.index("setPackingInformation")
    assert "confirmPackingOption" not in names
    assert sending.steps(Route.FREIGHT)[1:3] == [Step.PLACEMENT, Step.PACKING]
    assert sending.steps(Route.PLAN_ONLY) == [Step.PLAN]


def test_windows_come_between_placement_and_the_order_of_transport() -> None:
    names = [act.operation for act in sending.ACTS[Route.OWN_PARCEL]]

    order = [
        "confirmPlacementOption",
        "confirmDeliveryWindowOptions",
        "confirmTransportationOptions",
    ]
    assert [name for name in names if name in order] == order


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("PO-1042", "PO-1042 #K7Q2M9"),
        ("  PO  1042 ", "PO 1042 #K7Q2M9"),
        ("PO #12", "PO 12 #K7Q2M9"),
        ("", "#K7Q2M9"),
        ("x" * 60, "x" * 32 + " #K7Q2M9"),
        ("Küche & Söhne – " * 4, "Küche & Söhne – Küche & Söhne – #K7Q2M9"),
    ],
)
def test_a_plan_is_named_after_its_order_and_its_marker(reference: str, name: str) -> None:
    found = sending.plan_name(reference, "K7Q2M9")

    assert found == name
    assert len(found) <= sending.NAME_LIMIT
    assert sending.marker_in(found) == "K7Q2M9"


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("#K7Q2M9 moved by a person", "K7Q2M9"),
        ("PO-1042 #K7Q2M9 (2)", "K7Q2M9"),
        ("PO-1042 #K7Q2M90", ""),
        ("PO-1042#K7Q2M9", ""),
        ("PO-1042 #K7Q2M", ""),
        ("PO-1042 #k7q2m9", ""),
        ("FBA STA (11/24/2026 10:15)", ""),
        ("", ""),
    ],
)
def test_a_marker_is_recognised_only_whole(name: str, mark: str) -> None:
    assert sending.marker_in(name) == mark


def test_markers_are_six_letters_that_nobody_mixes_up() -> None:
    marks = [sending.marker(number * 7919) for number in range(2000)]

    assert len(set(marks)) == 2000
    assert all(sending.marker_in(f"PO #{mark}") == mark for mark in marks)
    assert not set("01ILO") & set("".join(marks))


def test_a_lost_plan_is_adopted_or_after_five_looks_offered_to_a_person() -> None:
    assert [sending.verdict(0, looks) for looks in range(1, 6)] == [Verdict.WAIT] * 4 + [
        Verdict.OFFER
    ]
    assert sending.verdict(1, 1) == sending.verdict(1, 9) == Verdict.ADOPT
    assert sending.verdict(2, 1) == Verdict.ALERT
    assert sending.LOOKS[-1].total_seconds() == 15 * 60
    assert all(a < b for a, b in pairwise(sending.LOOKS))


def test_looks_at_an_operation_become_rarer() -> None:
    assert [sending.poll_after_s(looks) for looks in range(7)] == [2, 4, 8, 16, 30, 30, 30]
    assert sending.poll_after_s(100) == 300
