"""Which passwords are refused, and why. Pure: the list of common ones is read once, at import."""

import re
import unicodedata
from pathlib import Path

MINIMUM_LENGTH, MAXIMUM_LENGTH = 12, 256
MINIMUM_DIFFERENT = 5
#: Well-known words and passwords, lower case; a word also stands for the word plus digits.
COMMON = frozenset(
    line
    for line in Path(__file__).with_name("common_passwords.txt").read_text().splitlines()
    if line and not line.startswith("#")
)
#: What fingers run along: alphabet, digits, keyboard rows (English, German, French) and columns.
RUNS = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "0123456789" * 4,
    "1234567890" * 4,
    "qwertyuiopasdfghjklzxcvbnm" * 2,
    "qwertzuiopasdfghjklyxcvbnm" * 2,
    "azertyuiopqsdfghjklmwxcvbn" * 2,
    "qwertyuiop[]" * 2,
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm" * 2,
    "1q2w3e4r5t6y7u8i9o0p" * 2,
    "q1w2e3r4t5y6u7i8o9p0" * 2,
    "qazwsxedcrfvtgbyhnujm" * 2,
)
_LOOKALIKES = str.maketrans("0134578@$!", "oleastbasi")


def normal(password: str) -> str:
    """Return ``password`` in one spelling, however the keyboard composed its letters (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, *, email: str = "", name: str = "") -> str | None:
    """Return why ``password`` is refused, as a sentence for its user; ``None`` when it is fine.

    ``email`` and ``name`` are the user's own: a password must not be made of them.
    """
    word = normal(password)
    low = word.lower()
    if len(word) < MINIMUM_LENGTH:
        missing = MINIMUM_LENGTH - len(word)
        return f"Use at least {MINIMUM_LENGTH} characters: {missing} more to go."
    if len(word) > MAXIMUM_LENGTH:
        return f"Use at most {MAXIMUM_LENGTH} characters."
    if len(set(low)) < MINIMUM_DIFFERENT:
        return f"Use at least {MINIMUM_DIFFERENT} different characters."
    if _is_run(low):
        return "That is a sequence anybody would try, such as 1234 or qwerty. Use something else."
    if _is_common(low):
        return "That password is on the lists attackers try first. Use something else."
    if part := _part_of_person(low, email, name):
        return f"Leave your own name and e-mail address out of it (found “{part}”)."
    return None


def _is_run(low: str) -> bool:
    """Return True when every piece of the password, four letters at a time, runs along a row."""
    pieces = [low[at : at + 4] for at in range(0, len(low), 4)]
    return all(any(piece in run or piece[::-1] in run for run in RUNS) for piece in pieces)


def _is_common(low: str) -> bool:
    letters = low.translate(_LOOKALIKES)
    cores = {low, letters, re.sub(r"[\W\d_]+", "", low), re.sub(r"[\W\d_]+", "", letters)}
    cores |= {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", core) for core in (low, letters)}
    # Edges first: "password1234" reads as "passwordlea" once its digits became letters.
    cores |= {core.translate(_LOOKALIKES) for core in cores}
    cores |= {_unit(core) for core in cores}
    return any(core in COMMON for core in cores)


def _unit(text: str) -> str:
    """Return what ``text`` repeats ("abcabcabc" repeats "abc"), or itself."""
    at = (text + text).find(text, 1)
    return text[:at] if 0 < at < len(text) else text


def _part_of_person(low: str, email: str, name: str) -> str | None:
    local = email.partition("@")[0].lower()
    words = [local, *re.split(r"[\W\d_]+", local), *re.split(r"[\W\d_]+", name.lower())]
    joined = "".join(re.split(r"\W+", name.lower()))
    return next((part for part in (*words, joined) if len(part) >= 4 and part in low), None)
