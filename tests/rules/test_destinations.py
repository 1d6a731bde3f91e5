import pytest

from inventory.rules.destinations import GUESSES, learned, marketplace_of


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ({"user": "U", "plan": "P", "fc": "F", "country": "C"}, ("U", "user")),
        ({"plan": "P", "fc": "F", "country": "C"}, ("P", "plan")),
        ({"fc": "F", "country": "C"}, ("F", "fc")),
        ({"country": "C"}, ("C", "country")),
        ({}, ("M", "primary")),
    ],
)
def test_the_strongest_word_wins(words: dict[str, str], who: tuple[str, str]) -> None:
    assert marketplace_of(primary="M", **words) == who


def test_only_what_plan_or_people_said_is_no_guess() -> None:
    assert {"fc", "country", "primary"} == GUESSES


def test_a_centre_teaches_only_while_all_agree() -> None:
    pairs = [("POZ1", "DE"), ("POZ1", "DE"), ("LEJ1", "DE"), ("LEJ1", "PL"), ("", "DE"), ("X", "")]

    assert learned(pairs) == {"POZ1": "DE"}
