"""Labels and freight papers: v0's getLabels and getBillOfLading, item labels of 2024-03-20.

Amazon answers with an address that dies within seconds and opens the file to anybody, so
each method fetches the file at once and no address leaves this package.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from amazon import documents, fields
from amazon.answers import listed, payload
from amazon.encoding import Value
from amazon.errors import RejectedError, UnavailableError
from amazon.fields import Json
from amazon.option_types import Download
from amazon.plan_inputs import body
from amazon.plan_transport import PlanTransport
from amazon.wire import TIMEOUT_S, BodyError, body_of

logger = logging.getLogger(__name__)

LABELS_PAGE_SIZE = 1000
#: Millimetres of a thermal item label.
THERMAL_SIZE = (100, 50)
#: How the files begin that Amazon may send.
_KINDS = {b"%PDF": "application/pdf", b"^XA": "text/plain", b"PK\x03\x04": "application/zip"}


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A file to print; ``media_type`` is what its first bytes say (PDF, ZPL or a ZIP of them)."""

    content: bytes
    media_type: str


class PlanLabels(PlanTransport):
    """What is printed and put on boxes, pallets, items and into the lorry."""

    def get_labels(
        self,
        *,
        confirmation_id: str,
        page_type: str,
        label_type: str = "UNIQUE",
        box_ids: Sequence[str] = (),
        pallets: int | None = None,
        first: int | None = None,
    ) -> LabelFile:
        """Return box labels, or pallet labels (``label_type`` PALLET, four each).

        ``confirmation_id`` is the ``FBA…`` id. ``box_ids`` empty means all. ``first`` (from 0)
        asks for at most 1,000 labels from there; freight by own carriers needs it. Asking
        makes the shipment READY_TO_SHIP. Raises ``AmazonError``.
        """
        query: dict[str, Value] = {
            "PageType": page_type,
            "LabelType": label_type,
            "PackageLabelsToPrint": list(box_ids) or None,
            "NumberOfPallets": pallets,
            "PageSize": None if first is None else LABELS_PAGE_SIZE,
            "PageStartIndex": first,
        }
        names = {"shipmentId": confirmation_id}
        return self._fetch(self.call("getLabels", read_download, names=names, query=query))

    def get_bill_of_lading(self, *, confirmation_id: str) -> LabelFile:
        """Return the paper for Amazon's freight carrier, by ``FBA…`` id. Raises ``AmazonError``."""
        names = {"shipmentId": confirmation_id}
        return self._fetch(self.call("getBillOfLading", read_download, names=names))

    def create_marketplace_item_labels(
        self,
        *,
        marketplace_id: str,
        quantities: Mapping[str, int],
        page_type: str | None = "A4_24",
        locale: str = "",
    ) -> list[LabelFile]:
        """Return labels for items: SKU to labels, up to 100 SKUs.

        ``page_type`` None prints for a thermal printer. Changes nothing at Amazon.
        Raises ``AmazonError``.
        """
        width, height = THERMAL_SIZE
        sheet: Json = {"labelType": "THERMAL_PRINTING", "width": width, "height": height}
        if page_type:
            sheet = {"labelType": "STANDARD_FORMAT", "pageType": page_type}
        wanted = [{"msku": sku, "quantity": count} for sku, count in quantities.items()]
        found = self.call(
            "createMarketplaceItemLabels",
            read_downloads,
            body=body(
                marketplaceId=marketplace_id, mskuQuantities=wanted, localeCode=locale, **sheet
            ),
        )
        return [self._fetch(one) for one in found]

    def _fetch(self, download: Download) -> LabelFile:
        """Fetch once: the address would be dead before a second try."""
        hosts = self._document_hosts or (urlsplit(self._endpoint).netloc,)
        documents.check_address(download.url, hosts)
        self._before_call()
        content, problem, status = b"", "", None
        try:
            # None takes away what the session would send along.
            headers = {"user-agent": self._user_agent, "authorization": None}
            response = self._http.get(
                download.url, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, stream=True
            )
            status, content = response.status_code, body_of(response)
        except OSError as error:
            problem = str(error) if isinstance(error, BodyError) else type(error).__name__
        logger.info("label %s %d bytes", problem or status, len(content))
        if problem or status != 200:
            raise UnavailableError("label", status, "", problem or "refused")
        return LabelFile(content, _media_type(content))


def read_download(data: Json) -> Download:
    """Read the answer of getLabels and getBillOfLading."""
    return Download(fields.needed(payload(data), "DownloadURL"))


def read_downloads(data: Json) -> list[Download]:
    """Read the answer of createMarketplaceItemLabels."""
    return [
        Download(fields.needed(row, "uri"), fields.moment(row, "expiration"))
        for row in listed(data, "documentDownloads")
    ]


def _media_type(content: bytes) -> str:
    for start, media_type in _KINDS.items():
        if content.startswith(start):
            return media_type
    raise RejectedError("label", 200, "", "neither PDF nor ZPL")
