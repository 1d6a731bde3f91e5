import unicodedata

import pytest

from inventory.rules.passwords import weakness


@pytest.mark.parametrize(
    "good", ["tidal-basin-47-orchid", "Zimtstern Laterne Pfau", "x7!kQm2#vTz9", "ÅÄÖ søvnig høne"]
)
def test_takes_what_nobody_would_guess(good: str) -> None:
    assert weakness(good, email="mara@example.com", name="Mara Lindqvist") is None


def test_asks_for_twelve_characters_and_says_how_many_are_missing() -> None:
    assert weakness("x7!kQm2#v") == "Use at least 12 characters: 3 more to go."


def test_takes_no_more_than_256_characters() -> None:
    assert weakness("x7!kQm2#" * 33) == "Use at most 256 characters."


@pytest.mark.parametrize("same", ["aaaaaaaaaaaa", "abababababab", "121212121212"])
def test_refuses_a_handful_of_characters_over_and_over(same: str) -> None:
    assert weakness(same) == "Use at least 5 different characters."


@pytest.mark.parametrize(
    "run",
    [
        "123456789012",
        "987654321098",
        "abcdefghijkl",
        "qwertyuiopas",
        "1qaz2wsx3edc",
        "1234abcdqwer",
    ],
)
def test_refuses_what_fingers_run_along(run: str) -> None:
    assert (weakness(run) or "").startswith("That is a sequence")


@pytest.mark.parametrize(
    "common",
    [
        "password1234",
        "Password2026!",
        "P@ssw0rd1234",
        "!!letmein2025!!",
        "correcthorsebatterystaple",
        "Welcome-12345",
        "qwerty-123456",
        "sunshinesunshine",
        "manchesterunited",
        "Summer2026!!!",
    ],
)
def test_refuses_what_is_tried_first_with_or_without_digits(common: str) -> None:
    assert (weakness(common) or "").startswith("That password is on the lists")


@pytest.mark.parametrize("own", ["mara.l@harbour-77", "xx-Lindqvist-9481", "7-maralindqvist-7"])
def test_refuses_the_person_s_own_name_and_address(own: str) -> None:
    told = weakness(own, email="mara.l@example.com", name="Mara Lindqvist") or ""

    assert told.startswith("Leave your own name")


def test_counts_letters_however_the_keyboard_composed_them() -> None:
    apart = unicodedata.normalize("NFD", "ångström-sø")

    assert len(apart) > len("ångström-sø")
    assert weakness(apart) == "Use at least 12 characters: 1 more to go."
