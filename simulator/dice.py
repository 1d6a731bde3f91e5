"""Repeatable chance: the same words always give the same throw, in every process."""

from hashlib import blake2b

_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def number(*words: object) -> int:
    """Return a number of 64 bits that depends on the words alone."""
    text = "/".join(map(str, words)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def pick(low: int, high: int, *words: object) -> int:
    """Return a whole number from ``low`` to ``high``, both included."""
    return low + number(*words) % (high - low + 1)


def code(length: int, *words: object) -> str:
    """Return capital letters and digits, as in Amazon's ids (at most 12)."""
    value, letters = number(*words), []
    for _ in range(length):
        value, rest = divmod(value, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def long_id(prefix: str, *words: object) -> str:
    """Return an id of 38 characters as the 2024-03-20 API makes them (``wf…``, ``sh…``)."""
    digits = f"{number(*words):016x}{number('more', *words):016x}"
    return f"{prefix}{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
