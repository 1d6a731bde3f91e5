import pytest

from inventory.rules.objections import Accepted, accepted_owner, lines_of

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
