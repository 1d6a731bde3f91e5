"""Whether Amazon takes a product into its warehouses at all: FBA Inbound Eligibility v1."""

from dataclasses import dataclass
from typing import Self

from amazon import answers, fields
from amazon.fields import Json
from amazon.transport import Transport


@dataclass(frozen=True, slots=True)
class ItemEligibility:
    """One ASIN in one marketplace; ``reasons`` are Amazon's codes (``FBA_INB_…``), new ones too."""

    asin: str
    is_eligible: bool
    reasons: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        is_eligible = answers.required(data, "isEligibleForProgram")
        return cls(
            asin=fields.text(data, "asin"),
            is_eligible=is_eligible is True,
            reasons=fields.texts(data, "ineligibilityReasonList"),
        )


class Eligibility(Transport):
    """One product a second: ask for what is to be sent, not for catalogues."""

    def get_item_eligibility_preview(self, *, asin: str, marketplace_id: str) -> ItemEligibility:
        """Return whether a product may be sent in, and why not. Raises ``AmazonError``."""
        return self.call(
            "getItemEligibilityPreview",
            read_eligibility,
            query={"asin": asin, "program": "INBOUND", "marketplaceIds": [marketplace_id]},
        )


def read_eligibility(data: Json) -> ItemEligibility:
    """Read the answer of getItemEligibilityPreview."""
    return ItemEligibility.from_json(answers.payload(data))
