import pytest

from inventory.rules.order_acts import refusal


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        ("draft", "active", True),
        ("draft", "canceled", True),
        ("draft", "closed", False),
        ("active", "draft", True),
        ("active", "closed", True),
        ("active", "canceled", True),
        ("closed", "active", True),
        ("closed", "canceled", False),
        ("closed", "draft", False),
        ("canceled", "active", True),
        ("canceled", "draft", True),
        ("canceled", "closed", False),
        ("closed", "closed", True),
    ],
)
def test_an_order_goes_from_type_to_type(old: str, new: str, may: bool) -> None:
    assert (refusal(old, new, is_amazons=False, has_receipts=False) == "") is may


def test_what_was_received_of_is_no_draft() -> None:
    assert "Undo the receipts" in refusal("active", "draft", is_amazons=False, has_receipts=True)


def test_amazon_decides_the_type_of_its_own_but_not_the_name() -> None:
    assert refusal("active", "active", is_amazons=True, has_receipts=False) == ""
    assert "Amazon" in refusal("active", "closed", is_amazons=True, has_receipts=False)


@pytest.mark.parametrize("old", ["draft", "closed", "canceled"])
def test_without_lines_none_is_active(old: str) -> None:
    said = refusal(old, "active", is_amazons=False, has_receipts=False, has_lines=False)
    assert said == "An order without lines can only be a draft: add lines, or make it a draft."
    assert (
        refusal("active", "canceled", is_amazons=False, has_receipts=False, has_lines=False) == ""
    )
