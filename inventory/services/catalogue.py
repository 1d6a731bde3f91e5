"""What Amazon's two ways of listing the catalogue say, brought to one form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amazon.types import ListingItem, ListingOffer, ListingRow
from inventory.models.listings import Channel
from inventory.rules import listings as rules
from inventory.rules.listings import Offer

#: (channel, seller SKU): what a listing is within its connection.
Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing as one answer shows it. ``offers`` have only the fields the answer has.

    ``fbm_units`` is what the seller has of it, ``None`` where the answer does not say.
    """

    channel: str
    seller_sku: str
    offers: Mapping[str, Offer]
    fbm_units: int | None = None
    #: Whether text may have lost letters on the way (reports).
    may_be_lossy: bool = False

    @property
    def identity(self) -> Identity:
        return self.channel, self.seller_sku


def of_items(items: Sequence[ListingItem]) -> Iterator[Seen]:
    """Yield the listings of searchListingsItems: one per SKU and channel."""
    for item in items:
        units = {rules.channel_of(one.channel_code): one.quantity for one in item.availability}
        for channel in units or [_channel_without_availability(item)]:
            yield Seen(
                channel=channel,
                seller_sku=item.seller_sku,
                offers={one.marketplace_id: _offer(one, channel) for one in item.offers},
                fbm_units=units.get(channel) if channel == Channel.FBM else None,
            )


def of_rows(marketplace_id: str, rows: Sequence[ListingRow]) -> Iterator[Seen]:
    """Yield the listings of GET_MERCHANT_LISTINGS_ALL_DATA: no FNSKU, no dates, lossy text."""
    for row in rows:
        channel = rules.channel_of(row.channel_code)
        status = rules.BUYABLE if row.status.lower() == "active" else ""
        yield Seen(
            channel=channel,
            seller_sku=row.seller_sku,
            offers={
                marketplace_id: {
                    "asin": row.asin[:20],
                    "title": rules.cut(row.title),
                    "status": status,
                }
            },
            fbm_units=row.quantity if channel == Channel.FBM else None,
            may_be_lossy=True,
        )


def beside(seen: Seen, stored: Mapping[str, Offer]) -> dict[str, Offer]:
    """Return the offers to store for ``seen``, given the stored ones.

    A report says less than what may be stored: its one word "Active" does not replace
    Amazon's own words for the same, nor its question marks a whole title.
    """
    if not seen.may_be_lossy:
        return rules.merged(stored, seen.offers)
    better: dict[str, Offer] = {}
    for marketplace_id, offer in seen.offers.items():
        before = stored.get(marketplace_id, rules.NO_OFFER)
        better[marketplace_id] = dict(offer)
        if rules.BUYABLE in before["status"].split(",") and offer["status"]:
            better[marketplace_id]["status"] = before["status"]
        if not offer["status"] and rules.BUYABLE not in before["status"].split(","):
            better[marketplace_id]["status"] = before["status"]
        if rules.is_lossy(offer["title"], before["title"]):
            better[marketplace_id]["title"] = before["title"]
    return rules.merged(stored, better)


def _channel_without_availability(item: ListingItem) -> str:
    return str(Channel.FBA if any(one.fnsku for one in item.offers) else Channel.FBM)


def _offer(offer: ListingOffer, channel: str) -> Offer:
    fields: Offer = {
        "asin": offer.asin[:20],
        "title": rules.cut(offer.title),
        "status": ",".join(offer.status)[:100],
        "created_at": offer.created_at,
        "updated_at": offer.updated_at,
    }
    if channel == Channel.FBA and offer.fnsku:
        fields["fnsku"] = offer.fnsku[:20]
    return fields
