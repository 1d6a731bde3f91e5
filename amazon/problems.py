"""What Amazon objects to, in its own words: about a request or an asynchronous operation."""

from dataclasses import dataclass
from typing import Self

from amazon import fields
from amazon.fields import Json


@dataclass(frozen=True, slots=True)
class Problem:
    """One objection. ``severity`` is ``ERROR``, ``WARNING`` or a newer word of Amazon's.

    ``message`` and ``details`` are prose for people, which may name SKUs and accepted values.
    """

    code: str
    message: str
    details: str
    severity: str

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            code=fields.text(data, "code"),
            message=fields.text(data, "message"),
            details=fields.text(data, "details"),
            severity=fields.text(data, "severity") or "ERROR",
        )

    @property
    def is_warning(self) -> bool:
        """Whether it stops nothing."""
        return self.severity == "WARNING"
