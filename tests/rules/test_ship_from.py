"""The address goods leave from: what Amazon would refuse about it, country by country."""

from dataclasses import replace

import pytest

from inventory.rules.ship_from import ShipFrom, ship_from_problems

ADDRESS = ShipFrom(
    "Harbour Kitchen Depot", "12 Pier Road", "", "Portland", "ME", "04101", "US", "2075550100"
)


@pytest.mark.parametrize(
    ("country", "good", "bad"),
    [
        (
            "US",
            ("04101", "04101-1234", " 04101 "),
            ("4101", "041012", "ABCDE", "04101-12", "٠٤١٠١"),
        ),
        ("CA", ("K1A 0B1", "k1a0b1"), ("K1A", "D1A 0B1", "K1A 0O1", "12345")),
        ("GB", ("SW1A 1AA", "m11ae", "B33 8TH", "GIR 0AA"), ("SW1A", "1SW 1AA", "12345")),
        ("DE", ("10115",), ("1011", "D-10115")),
        ("FR", ("75001",), ("7500", "75 001")),
        ("IT", ("00118",), ("0118",)),
        ("ES", ("28001",), ("280011",)),
        ("MX", ("06000",), ("6000",)),
        ("JP", ("100-0001", "1000001"), ("100-001",)),
        ("NL", ("1012 AB", "1012ab"), ("1012",)),
        ("PL", ("00-001", "00001"), ("0001",)),
        ("SE", ("111 22", "11122"), ("1112",)),
        ("BE", ("1000",), ("10000",)),
        ("AU", ("2000",), ("20000",)),
        ("AT", ("1010",), ("101",)),
        ("CH", ("8001",), ("80011",)),
        ("BR", ("01310-100",), ("01310",)),
        ("CN", ("518000",), ("51800",)),
        ("IN", ("110001", "110 001"), ("11001",)),
        ("SG", ("018956",), ("18956",)),
        # Nothing certain is known of these.
        ("IE", ("D02 X285", "Dublin 2"), ()),
    ],
)
def test_a_postcode_has_the_form_of_its_country(
    country: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    for text in good:
        assert fields_of(country=country, postal_code=text) == [], text
    for text in bad:
        assert fields_of(country=country, postal_code=text) == ["postal_code"], text


@pytest.mark.parametrize(
    ("country", "state", "is_good"),
    [
        ("US", "ME", True),
        ("US", "me", True),
        ("US", "Maine", False),
        ("US", "", False),
        ("CA", "Ontario", False),
        ("DE", "Berlin", True),
        ("DE", "", True),
    ],
)
def test_a_state_has_two_letters_where_one_is_needed(
    country: str, state: str, is_good: bool
) -> None:
    postal_code = "K1A 0B1" if country == "CA" else "04101"

    found = fields_of(country=country, state=state, postal_code=postal_code)

    assert found == ([] if is_good else ["state"])


def test_the_sentence_names_what_is_wrong_and_what_it_should_look_like() -> None:
    (problem,) = ship_from_problems(replace(ADDRESS, postal_code="4101"))

    assert problem == (
        "postal_code",
        "“4101” is no postcode in US.",
        "Write it like 04101 or 04101-1234.",
    )


def fields_of(**more: str) -> list[str]:
    address = replace(ADDRESS, **{"state": "ON" if more["country"] == "CA" else "ME", **more})
    return [field for field, _, _ in ship_from_problems(address)]
