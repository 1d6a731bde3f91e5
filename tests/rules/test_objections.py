import pytest

from inventory.rules.objections import Accepted, accepted_owner, is_idle, lines_of

BARE = "WARNING: Since pallet and freight info has not been provided, there may be no options"
SKUS = ["MUG", "MUG-1", "MUG-1 SET", "K/20%+"]


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("There's an input error with the resource 'MUG-1'.", ["MUG-1"]),
        ("ERROR: MUG-1 SET requires prepOwner but NONE was assigned.", ["MUG-1 SET"]),
        ("MUG and K/20%+", ["MUG", "K/20%+"]),
        ("MUGS, SMUG, MUG-12", []),
        ("", []),
    ],
)
def test_the_lines_that_a_text_names(text: str, skus: list[str]) -> None:
    assert lines_of(text, SKUS) == skus


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (
            "MUG does not require prepOwner but SELLER was assigned. Accepted values: [NONE]",
            Accepted("prepOwner", "NONE"),
        ),
        (
            "MUG requires labelOwner but NONE was assigned. Accepted values: [AMAZON, SELLER]",
            Accepted("labelOwner", "SELLER"),
        ),
        ("ERROR: MUG requires labelOwner. Accepted values: []", None),
        ("ERROR: MUG requires an expiration date.", None),
        ("Accepted values: [NONE]", None),
    ],
)
def test_the_owner_that_would_be_accepted(text: str, accepted: Accepted | None) -> None:
    assert accepted_owner(text) == accepted


@pytest.mark.parametrize(
    ("operation", "text", "is_freight", "idle"),
    [
        ("generateTransportationOptions", BARE, False, True),
        ("generateTransportationOptions", BARE, True, False),
        ("confirmTransportationOptions", BARE, False, False),
        ("generateTransportationOptions", "The dimension does not match.", False, False),
    ],
)
def test_missing_pallets_say_nothing_of_parcels(
    operation: str, text: str, is_freight: bool, idle: bool
) -> None:
    assert is_idle(operation, text, is_freight=is_freight) == idle
