"""Shared stock: in Europe several marketplaces may show the same units.

With Pan-European FBA each marketplace answers with the pool's figures, so adding them up
would count every unit several times (sp-api-models issues #452, #360).
"""

from collections.abc import Mapping, Sequence

#: Marketplaces (by ISO country) that can share one pool. The United Kingdom has left it.
POOLING = ("DE", "FR", "IT", "ES", "NL", "SE", "PL", "BE", "IE")
#: A pool that is known stays one while so many of its SKUs agree: what is sold between
#: reading one marketplace and the next makes a few differ.
STILL_SHARED = 0.9

Figures = tuple[int, ...]


def shared_pools(
    figures: Mapping[str, Mapping[str, Figures]], known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return marketplace -> the first marketplace of its pool, for those that share one.

    ``figures`` are units by marketplace and SKU, in a fixed order of marketplaces (only those
    that can share); ``known`` is an earlier result. Two marketplaces share a pool when the
    figures of the SKUs they have in common are equal, and not all zero.
    """
    groups: list[list[str]] = []
    for marketplace in figures:
        for group in groups:
            share = _share_needed(known or {}, group[0], marketplace)
            if _is_shared(figures[group[0]], figures[marketplace], share):
                group.append(marketplace)
                break
        else:
            groups.append([marketplace])
    return {one: group[0] for group in groups if len(group) > 1 for one in group}


def _share_needed(known: Mapping[str, str], one: str, other: str) -> float:
    was_shared = one in known and known[one] == known.get(other)
    return STILL_SHARED if was_shared else 1.0


def _is_shared(one: Mapping[str, Figures], other: Mapping[str, Figures], share: float) -> bool:
    pairs: Sequence[tuple[Figures, Figures]] = [
        (one[sku], other[sku]) for sku in one.keys() & other.keys()
    ]
    telling = [(a, b) for a, b in pairs if any(a) or any(b)]
    if not telling:
        return False
    equal = sum(a == b for a, b in telling)
    return equal >= share * len(telling)
