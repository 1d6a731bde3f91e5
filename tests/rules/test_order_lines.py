"""Lines as people type them: what is read, what is refused, and whole cases."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules import order_lines
from inventory.rules.order_lines import TAX, UNITS, Typed, Wanted


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("HK-1\t10", Typed("HK-1", "10")),
        ("HK-1\t10\t4.20", Typed("HK-1", "10", "4.20")),
        ("RED KETTLE\t10\t4,20\textra", Typed("RED KETTLE", "10", "4,20")),
        ("HK-1 10", Typed("HK-1", "10")),
        ("HK-1   10   4.20", Typed("HK-1", "10", "4.20")),
        ("HK-1,10", Typed("HK-1", "10")),
        ("HK-1, 10, 4.20", Typed("HK-1", "10", "4.20")),
        ("HK-1;10;4,20", Typed("HK-1", "10", "4,20")),
        ("RED KETTLE 12 4,20", Typed("RED KETTLE", "12", "4,20")),
        ("KETTLE 2 L 12", Typed("KETTLE 2 L", "12")),
        ("A/B %2F+#1,5;?&= 12", Typed("A/B %2F+#1,5;?&=", "12")),
        ("HK-1 1,240", Typed("HK-1", "1,240")),
        ("HK-1 -5", Typed("HK-1", "-5")),
        ("HK-1", Typed("HK-1", "")),
        ("HK-1 ten", Typed("HK-1 ten", "")),
    ],
)
def test_a_pasted_line_is_a_sku_units_and_perhaps_a_cost(text: str, typed: Typed) -> None:
    assert order_lines.pasted(f"\n{text}\n\n") == [typed]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (Typed("A", "1"), Wanted("A", 1)),
        (Typed("A", "12.0"), Wanted("A", 12)),
        (Typed("A", "1000000", "0"), Wanted("A", 1_000_000, Decimal(0))),
        (Typed("A", "2", "4,2", "19", "6"), Wanted("A", 2, Decimal("4.2"), Decimal(19), 6)),
        (Typed("A", "2", "0.1234", "7.5"), Wanted("A", 2, Decimal("0.1234"), Decimal("7.5"))),
    ],
)
def test_a_line_is_read(typed: Typed, wanted: Wanted) -> None:
    assert order_lines.read(typed) == (wanted, {})


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        (Typed("A", ""), {"units": UNITS}),
        (Typed("A", "0"), {"units": "“0” is less than 1."}),
        (Typed("A", "-5"), {"units": "“-5” is negative."}),
        (Typed("A", "1.5"), {"units": "“1.5” is no whole number of units."}),
        (Typed("A", "1,240"), {"units": "“1,240” is no whole number of units."}),
        (Typed("A", "1000001"), {"units": "“1000001” is more than 1000000."}),
        (Typed("A", "٣"), {"units": "“٣” is no number: use the digits 0 to 9."}),
        (Typed("", "1"), {"sku": "Enter a SKU."}),
        (Typed("A", "1", "-1"), {"cost": "“-1” is negative."}),
        (Typed("A", "1", "1.23456"), {"cost": "“1.23456” has more than 4 decimal places."}),
        (Typed("A", "1", "NaN"), {"cost": "“NaN” is no amount: write it as 1234.50."}),
        (Typed("A", "1", "", "101"), {"tax": TAX}),
        (Typed("A", "1", "", "", "0"), {"case": "“0” is less than 1."}),
    ],
)
def test_each_field_at_fault_gets_a_sentence(typed: Typed, faults: dict[str, str]) -> None:
    assert order_lines.read(typed) == (None, faults)


def test_every_field_at_fault_is_told_at_once() -> None:
    _, faults = order_lines.read(Typed("A", "9" * 400, "y", "z", "1.5"))

    assert faults.keys() == {"units", "cost", "tax", "case"}


@pytest.mark.parametrize(
    ("units", "case", "minimum", "rounding", "result"),
    [
        (10, 12, None, "up", 12),
        (12, 12, None, "up", 12),
        (10, 12, 20, "up", 24),
        (10, None, 20, "up", 20),
        (30, 12, 20, "down", 24),
        (10, 12, 20, "down", 0),
        (10, 12, 20, "off", 10),
        (10, None, None, "down", 10),
    ],
)
def test_units_become_whole_cases(
    units: int, case: int | None, minimum: int | None, rounding: str, result: int
) -> None:
    assert order_lines.rounded(units, case, minimum, rounding) == result


@given(
    st.integers(1, 10**6),
    st.one_of(st.none(), st.integers(1, 1000)),
    st.one_of(st.none(), st.integers(0, 5000)),
    st.sampled_from(["up", "down", "off"]),
)
def test_rounding_twice_changes_nothing(
    units: int, case: int | None, minimum: int | None, rounding: str
) -> None:
    once = order_lines.rounded(units, case, minimum, rounding)

    assert order_lines.rounded(once, case, minimum, rounding) == once or once == 0
    assert rounding == "off" or once % (case or 1) == 0


@given(st.integers(0, 10**6), st.integers(0, 10**7), st.booleans())
def test_outstanding_is_never_negative(ordered: int, received: int, is_active: bool) -> None:
    left = order_lines.outstanding(ordered, received, is_active=is_active)

    assert left == (max(0, ordered - received) if is_active else 0) >= 0


def test_a_sku_that_is_there_twice_is_told() -> None:
    assert order_lines.doubles(["A", "B", "A", "C", "A"]) == {"A"}
