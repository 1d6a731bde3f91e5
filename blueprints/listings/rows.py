"""The rows of the listings' list."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from blueprints import cells, states
from inventory.services.choices import Choice
from inventory.services.listing_lists import Held

#: A listing's status -> how people say it.
STATUSES = {"active": "Active", "inactive": "Inactive", "unknown": "Not in the catalogue"}
#: Why a listing belongs to its variant, for people.
REASONS = {"own": "its own"}
#: Warehouses named in a row; the rest is on the listing's page.
SHOWN = 3


def listing_rows(
    found: Sequence[Any],
    root: str,
    owners: Mapping[int, str],
    stock: Mapping[int, str],
    variants: Mapping[int, Any],
) -> Markup:
    """Return the rows of a page; ``root`` is what all addresses of the app begin with.

    ``owners`` names the connections; ``stock`` (of ``stock_words``) and ``variants`` are by
    listing.
    """
    root, looks = cells.text(root), states.Statuses()
    names = {key: cells.text(name) for key, name in owners.items()}
    return cells.joined(
        _row(row, root, names, stock.get(row.id, "–"), variants.get(row.id), looks) for row in found
    )


def stock_words(held: Sequence[Held], places: Mapping[int, Choice]) -> str:
    """Return "US 120, CA 14": units by country, a pool once; nothing known is a dash."""
    parts = []
    for one in held[:SHOWN]:
        place = places.get(one.warehouse_id)
        name = "pool" if one.shared else (place.country or place.name) if place else "?"
        parts.append(f"{name} {one.stock}")
    if len(held) > SHOWN:
        parts.append(f"{len(held) - SHOWN} more")
    return ", ".join(parts) or "–"


def _row(
    row: Any,
    root: str,
    names: Mapping[int, str],
    stock: str,
    variant: Any,
    looks: Mapping[str, Markup],
) -> str:
    named, channel = STATUSES.get(row.status, row.status), cells.text(row.channel)
    title = cells.text(cells.cut(row.title))
    return (
        f'<tr><th scope="row"><a href="{root}/listings/{row.id}">{cells.text(row.seller_sku)}</a>'
        f'<small class="only-sm">{title}</small>'
        f'<small class="only-sm">{channel} · {cells.text(named)}</small></th>'
        f'<td class="p2 cut">{title}</td>'
        f'<td class="p2">{channel}</td>'
        f'<td class="p2">{cells.text(row.asin or "–")}{cells.small(row.fnsku)}</td>'
        f'<td class="p2">{looks[named]}</td>'
        f"<td>{cells.text(stock)}</td>"
        f'<td class="p3">{names.get(row.connection_id, "–")}</td>'
        f'<td class="p3">{_variant(variant)}</td></tr>'
    )


def _variant(variant: Any) -> str:
    if not variant:
        return "–"
    reason = REASONS.get(variant.reason, variant.reason.replace("_", " "))
    return cells.text(variant.sku) + cells.small(reason)
