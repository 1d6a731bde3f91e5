"""Whether a shipment made at Amazon carries the goods of an order of the seller's own. Pure."""

from collections.abc import Mapping

#: Quantities may differ by so much of what was ordered, in percent.
TOLERANCE_PERCENT = 5


def is_alike(ordered: Mapping[str, int], shipped: Mapping[str, int]) -> bool:
    """Return whether both have the same SKUs, each in units within the tolerance.

    Both map a SKU to units; SKUs of 0 units are not there. Nothing is like nothing.
    """
    wanted = {sku: units for sku, units in ordered.items() if units}
    sent = {sku: units for sku, units in shipped.items() if units}
    if not wanted or wanted.keys() != sent.keys():
        return False
    return all(is_near(wanted[sku], sent[sku]) for sku in wanted)


def is_near(ordered: int, shipped: int) -> bool:
    """Return whether ``shipped`` units are those ordered, give or take the tolerance."""
    return abs(shipped - ordered) * 100 <= TOLERANCE_PERCENT * ordered
