from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from amazon import fields
from amazon.fields import NamelessError, UnreadableError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-01T00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01t00:00:00.000z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T02:00:00+02:00", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01", datetime(2024, 1, 1, tzinfo=UTC)),
        (" 2024-01-01T00:00:00Z ", datetime(2024, 1, 1, tzinfo=UTC)),
        ("Mon Oct 28 18:49:32 UTC 2019", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_read_leniently_and_is_utc(text: str | None, expected: datetime | None) -> None:
    assert fields.moment({"at": text}, "at") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024-02-29", date(2024, 2, 29)), ("2024-02-29T10:00:00Z", date(2024, 2, 29)), ("x", None)],
)
def test_a_date_may_carry_a_time(text: str, expected: date | None) -> None:
    assert fields.day({"on": text}, "on") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (500, Decimal(500)),
        (Decimal("12.34"), Decimal("12.34")),
        (12.34, Decimal("12.34")),
        ("100.00", Decimal("100.00")),
        ("$cost.amount", None),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_an_amount_is_exact_or_nothing(value: object, expected: Decimal | None) -> None:
    assert fields.money(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(4, 4), ("4", 4), (4.0, 4), (None, 0), ("", 0)])
def test_a_quantity_that_is_absent_is_none_at_all(value: object, expected: int) -> None:
    assert fields.integer({"units": value}, "units") == expected


@pytest.mark.parametrize("value", ["four", True, 4.5, [], {}])
def test_a_quantity_that_cannot_be_is_never_taken_for_zero(value: object) -> None:
    with pytest.raises(UnreadableError, match="units"):
        fields.integer({"units": value}, "units")


def test_wrong_types_are_named() -> None:
    with pytest.raises(UnreadableError, match="a is not a text"):
        fields.text({"a": 1}, "a")
    with pytest.raises(UnreadableError, match="a is not true or false"):
        fields.maybe_flag({"a": "yes"}, "a")
    with pytest.raises(UnreadableError, match="a is not a list of texts"):
        fields.texts({"a": [1]}, "a")
    with pytest.raises(UnreadableError, match="a is not an object"):
        fields.mapping({"a": []}, "a")
    with pytest.raises(UnreadableError, match="a is not a list"):
        fields.rows({"a": {}}, "a")
    with pytest.raises(NamelessError, match="a is missing"):
        fields.identity({"a": ""}, "a")
