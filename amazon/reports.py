"""Reports and their files: Reports 2021-06-30."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, TypeVar
from urllib.parse import urlsplit

from amazon import documents, fields
from amazon.answers import listed, records
from amazon.encoding import Value, timestamp
from amazon.errors import RejectedError, UnavailableError
from amazon.fields import Json, UnreadableError
from amazon.paging import Page, chain, next_token
from amazon.transport import RETRIES, Transport
from amazon.types import ListingRow, LocalStockRow, Report, ReportDocument
from amazon.wire import backoff_s

REPORTS_PAGE_SIZE = 100
ROWS_PER_BATCH = 1000
_SKU_COLUMNS = ("seller-sku", "sku")
_LOCAL_COLUMNS = ("seller-sku", "country", "quantity-for-local-fulfillment")

Row = TypeVar("Row")


class Reports(Transport):
    """Asking for reports, looking after them, reading their files."""

    def create_report(
        self,
        *,
        report_type: str,
        marketplace_ids: Sequence[str],
        start: datetime | None = None,
        end: datetime | None = None,
        options: Mapping[str, str] | None = None,
    ) -> str:
        """Ask for a report and return its id; ``start`` and ``end`` bound its data.

        Not repeated when Amazon gives no answer, since it may have been made: look with
        ``get_reports``. Raises ``AmazonError``.
        """
        body: Json = {"reportType": report_type, "marketplaceIds": list(marketplace_ids)}
        for name, value in (("dataStartTime", start), ("dataEndTime", end)):
            if value is not None:
                body[name] = timestamp(value)
        if options:
            body["reportOptions"] = dict(options)
        return self.call("createReport", lambda made: fields.identity(made, "reportId"), body=body)

    def get_report(self, *, report_id: str) -> Report:
        """Return how far a report is: IN_QUEUE, IN_PROGRESS, DONE, CANCELLED or FATAL.

        CANCELLED can mean that there was nothing to report, FATAL that it was asked for too
        soon after the last. Raises ``AmazonError``.
        """
        return self.call("getReport", Report.from_json, names={"reportId": report_id})

    def get_reports(
        self,
        *,
        report_types: Sequence[str],
        marketplace_ids: Sequence[str] | None = None,
        statuses: Sequence[str] | None = None,
        created_since: datetime | None = None,
    ) -> Iterator[list[Report]]:
        """Yield pages of reports made by anybody, newest first. Raises ``AmazonError``."""
        first: dict[str, Value] = {
            "reportTypes": report_types,
            "marketplaceIds": marketplace_ids,
            "processingStatuses": statuses,
            "createdSince": created_since,
            "pageSize": REPORTS_PAGE_SIZE,
        }

        def fetch(token: str | None) -> Page[Report]:
            # The token must be the only parameter, unlike everywhere else.
            query = first if token is None else {"nextToken": token}
            return self.call("getReports", read_reports, query=query)

        pages = chain("getReports", fetch, lambda report: report.report_id)
        return (page.items for page in pages)

    def get_report_document(self, *, document_id: str) -> ReportDocument:
        """Return where a report's file lies, for 5 minutes. Raises ``AmazonError``."""
        names = {"reportDocumentId": document_id}
        return self.call("getReportDocument", ReportDocument.from_json, names=names)

    def download_rows(self, document: ReportDocument) -> Iterator[dict[str, str]]:
        """Yield the rows of a report's file as column name (lower case) to text.

        The file is fetched as a whole before the first row is handed on, to a temporary
        file. Raises ``RejectedError`` for a file that lies somewhere strange,
        ``UnavailableError`` for one that is cut, unreadable or empty (then no row was
        yielded), or whose address has died: ask for the document again.
        """
        hosts = self._document_hosts
        if hosts is None:
            hosts = (urlsplit(self._endpoint).netloc,)
        documents.check_address(document.url, hosts)
        file, charset = self._downloaded(document)
        with file:
            yield from documents.table(file, charset)

    def download_listings(self, document: ReportDocument) -> Iterator[list[ListingRow]]:
        """Yield batches of rows of GET_MERCHANT_LISTINGS_ALL_DATA. Errors as ``download_rows``.

        Rows without a SKU are left out; a file without a SKU column is refused.
        """
        batch: list[ListingRow] = []
        for row in self.download_rows(document):
            listing = _listing(row)
            if listing:
                batch.append(listing)
            if len(batch) == ROWS_PER_BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def download_local_stock(self, document: ReportDocument) -> Iterator[LocalStockRow]:
        """Yield the rows of GET_AFN_INVENTORY_DATA_BY_COUNTRY. Errors as ``download_rows``.

        Rows that lack the SKU, the country or the units are left out; units that are no
        number are refused.
        """
        for row in self.download_rows(document):
            if all(row.get(name) for name in _LOCAL_COLUMNS):
                yield _readable(LocalStockRow.from_row, row)

    def _downloaded(self, document: ReportDocument) -> tuple[IO[bytes], str]:
        for failed in range(1, RETRIES + 1):
            self._before_call()
            try:
                return documents.download(self._http, document, self._user_agent)
            except UnavailableError as error:
                # Storage refuses an address that has died: a wait does not revive it.
                if error.status is not None and 400 <= error.status < 500:
                    raise
                self.pause(documents.OPERATION, backoff_s(failed))
        self._before_call()
        return documents.download(self._http, document, self._user_agent)


def read_reports(body: Json) -> Page[Report]:
    """Read a page of getReports."""
    return Page(records(Report.from_json, listed(body, "reports")), next_token(body))


def _listing(row: dict[str, str]) -> ListingRow | None:
    sku = next((row[name] for name in _SKU_COLUMNS if name in row), None)
    if sku is None:
        raise RejectedError("document", 200, "", "no column seller-sku")
    if not sku:
        return None
    return _readable(ListingRow.from_row, {**row, "seller-sku": sku})


def _readable(read: Callable[[dict[str, str]], Row], row: dict[str, str]) -> Row:
    try:
        return read(row)
    except UnreadableError as error:
        detail = str(error)
    raise RejectedError("document", 200, "", detail)
