"""What a shipment's page says of missing units: their cost, the claim, and where they may be."""

from collections.abc import Sequence
from typing import NamedTuple

from blueprints.presentation import today
from blueprints.stale.rows import claim_words
from inventory.models import Shipment
from inventory.rules import claims
from inventory.services import claim_windows, shipment_overages, stale_details
from inventory.services.shipment_overages import Overage
from inventory.services.stale_details import Value


class Shortage(NamedTuple):
    """``near`` are the same SKUs beyond what neighbouring shipments shipped."""

    missing: int
    value: Value | None
    claim: str
    claim_role: str
    near: Sequence[Overage]


def shortage(shipment: Shipment) -> Shortage | None:
    """Return what is missing of a shipment that Amazon has received from; ``None``: nothing."""
    if not shipment_overages.is_short(shipment):
        return None
    window = claim_windows.windows().get(shipment.marketplace_id, claims.DEFAULT)
    claim = claims.claim(stale_details.delivery(shipment.id), window)
    return Shortage(
        missing=shipment.units_shipped - shipment.units_received,
        value=stale_details.value_of(shipment.id),
        claim=claim_words(claim) if claim else "",
        claim_role="warn" if claim and claim.is_urgent(today()) else "quiet",
        near=shipment_overages.near(shipment),
    )
