"""Passwords at rest: argon2id."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inventory.rules import passwords as rules

#: RFC 9106's second choice: 64 MiB, 3 passes, 4 lanes.
HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


def hashed(password: str) -> str:
    """Return what is kept of ``password``."""
    return HASHER.hash(rules.normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Return whether ``kept`` is of ``password``. Takes as long for ``None`` as for a wrong one."""
    try:
        found = HASHER.verify(kept or _of_nobody(), rules.normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return found and kept is not None


def outdated(kept: str) -> bool:
    """Return whether ``kept`` was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _of_nobody() -> str:
    return HASHER.hash("the password of nobody")
