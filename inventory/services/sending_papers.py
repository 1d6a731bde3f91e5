"""Labels and freight papers of a sending, fetched from Amazon while a person waits for them.

A call like any other: one process at a time makes it, under the connection's lease, and no
transaction is open meanwhile.
"""

import io
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from amazon.client import SellingPartnerClient
from amazon.errors import AmazonError, ThrottledError
from amazon.plan_labels import LabelFile
from amazon.throttle import Throttle
from extensions import db
from inventory.models import Connection, Sending, SendingLine, SendingShipment
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import clients, leases
from inventory.services.secrets import SecretUnreadable

#: SKUs whose item labels Amazon prints at once.
BATCH = 100
#: Labels of boxes that Amazon prints at once.
BOX_LABELS = 1000
#: A person waits for the file: longer than this, another try is better. What has just become
#: real at Amazon is read right before, which takes up to 20 s.
PATIENCE_S = 25.0
#: Between two tries to get the lease, which others hold for seconds.
TRY_S = 0.25
BUSY = (
    "Amazon is being asked something else for this connection at the moment. Try again in a minute."
)
SLOW = "Amazon asks us to wait. Try again in a minute."
REFUSED = "Amazon does not give out this paper ({}). It may not be ready yet; try again later."
SILENT = "Amazon does not answer properly at the moment. Try again in a minute."
#: Where paper has American sizes.
LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})


class NoPaper(Exception):
    """The paper cannot be had now. ``args[0]`` is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to print; ``ending`` is that of its name, without the dot."""

    content: bytes
    media_type: str
    ending: str


class _Wait(Exception):
    """A call would have to wait longer than a person does."""


def box_labels(
    sending: Sending, shipment: SendingShipment, *, is_thermal: bool, first: int = 0
) -> Paper:
    """Return the labels of a shipment's boxes from ``first`` (0) on, at most 1,000.

    Amazon takes the shipment for ready to ship from then on. Raises ``NoPaper``.
    """
    fba_id, is_freight = shipment.amazon_shipment_id, bool(shipment.freight)
    page_type = "PackageLabel_Thermal" if is_thermal else _sheet(sending, "PackageLabel_{}_2")
    is_paged = first or is_freight or sending.route == "freight"

    def ask(client: SellingPartnerClient) -> list[LabelFile]:
        found = client.get_labels(
            confirmation_id=fba_id, page_type=page_type, first=first if is_paged else None
        )
        return [found]

    return _fetch(sending.connection_id, ask)


def bill_of_lading(sending: Sending, shipment: SendingShipment) -> Paper:
    """Return the paper for Amazon's freight carrier. Raises ``NoPaper``."""
    fba_id = shipment.amazon_shipment_id
    return _fetch(
        sending.connection_id,
        lambda client: [client.get_bill_of_lading(confirmation_id=fba_id)],
    )


def item_labels(sending: Sending, batch: int, *, is_thermal: bool) -> Paper:
    """Return labels for the units of the ``batch``-th (from 1) 100 SKUs. Raises ``NoPaper``."""
    wanted = batches(sending.id)[batch - 1]
    marketplace_id = sending.marketplace_id
    page_type = None if is_thermal else _sheet(sending, "{}_30", "{}_24")
    return _fetch(
        sending.connection_id,
        lambda client: client.create_marketplace_item_labels(
            marketplace_id=marketplace_id, quantities=dict(wanted), page_type=page_type
        ),
    )


def batches(sending_id: int) -> list[Sequence[tuple[str, int]]]:
    """Return (SKU, units) of the lines that the seller labels, in batches of 100 SKUs."""
    found = db.session.execute(
        sa.select(SendingLine.seller_sku, SendingLine.units)
        .where(SendingLine.sending_id == sending_id, SendingLine.label_owner == "SELLER")
        .order_by(SendingLine.seller_sku)
    ).all()
    rows = [(sku, units) for sku, units in found]
    return [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]


def _sheet(sending: Sending, letter: str, a4: str = "") -> str:
    is_letter = MARKETPLACES[sending.marketplace_id].country in LETTER_COUNTRIES
    return letter.format("Letter") if is_letter else (a4 or letter).format("A4")


def _fetch(connection_id: int, ask: Callable[[SellingPartnerClient], list[LabelFile]]) -> Paper:
    with _leased(connection_id) as client:
        try:
            return _paper(ask(client))
        except (_Wait, ThrottledError):
            raise NoPaper(SLOW) from None
        except AmazonError as error:
            is_refused = error.status is not None and 400 <= error.status < 500
            raise NoPaper(REFUSED.format(error.status) if is_refused else SILENT) from error


@contextmanager
def _leased(connection_id: int) -> Iterator[SellingPartnerClient]:
    """Give a client while the connection's lease is ours. Ends the transaction, twice."""
    owner = f"papers:{uuid.uuid4().hex}"
    lease = _taken(connection_id, owner)
    throttle = Throttle(lease.buckets)
    try:
        yield _client(connection_id, throttle)
    finally:
        leases.release(connection_id, owner, lease.fence, throttle.levels())
        db.session.commit()


def _taken(connection_id: int, owner: str) -> leases.Lease:
    """Wait for the lease as long as a person does; right after ordering, syncs are under way."""
    for _ in range(int(PATIENCE_S / TRY_S)):
        lease = leases.take(connection_id, owner)
        db.session.commit()
        if lease is not None:
            return lease
        time.sleep(TRY_S)
    raise NoPaper(BUSY)


def _client(connection_id: int, throttle: Throttle) -> SellingPartnerClient:
    connection = db.session.get_one(Connection, connection_id)
    try:
        client = clients.open_client(connection, throttle=throttle, on_wait=_refuse_long)
    except SecretUnreadable:
        raise NoPaper("The stored token of this connection cannot be read.") from None
    finally:
        db.session.commit()
    return client


def _refuse_long(_operation: str, seconds: float) -> None:
    if seconds > PATIENCE_S:
        raise _Wait


def _paper(files: Sequence[LabelFile]) -> Paper:
    """Several files come as one archive."""
    if len(files) == 1:
        one = files[0]
        return Paper(one.content, one.media_type, _ending(one.media_type))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(files, 1):
            archive.writestr(f"labels-{number}.{_ending(one.media_type)}", one.content)
    return Paper(packed.getvalue(), "application/zip", "zip")


def _ending(media_type: str) -> str:
    return {"application/pdf": "pdf", "application/zip": "zip"}.get(media_type, "zpl")
