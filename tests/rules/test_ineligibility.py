import json

import pytest

from inventory.rules.ineligibility import REASONS, explained
from tests.amazon.models import FOLDER, needs_models

#: Those of which Amazon's own text says that the reason is unknown.
UNTOLD = {"FBA_INB_0059", "FBA_INB_0066", "UNKNOWN_INB_ERROR_CODE"}


@needs_models
def test_every_reason_that_amazon_names_is_said_in_words() -> None:
    model = json.loads((FOLDER / "models" / "fbaInbound.json").read_text("utf-8-sig"))
    preview = model["definitions"]["ItemEligibilityPreview"]["properties"]

    codes = set(preview["ineligibilityReasonList"]["items"]["enum"])

    assert codes - UNTOLD == set(REASONS)


@pytest.mark.parametrize(
    ("code", "reason", "fix"),
    [
        ("FBA_INB_0018", "The product has no category (FBA_INB_0018).", "Complete the listing"),
        ("FBA_INB_0999", "does not accept this product at the moment (FBA_INB_0999)", "leave"),
    ],
)
def test_a_code_has_a_reason_and_what_helps(code: str, reason: str, fix: str) -> None:
    told = explained(code)

    assert reason in told[0]
    assert fix in told[1]
