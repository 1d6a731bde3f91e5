import gzip
import logging
from decimal import Decimal

import pytest
import requests

from amazon.errors import RejectedError, UnavailableError
from amazon.types import ListingRow, ReportDocument
from tests.amazon.fake import Answer, World

URL = "https://tortuga-prod-eu.s3-eu-west-1.amazonaws.com/report?X-Amz-Signature=signature-x"
TABLE = "item-name\tseller-sku\tprice\tquantity\tasin1\tfulfillment-channel\tstatus\n"
ROW = "Red cup\tCUP-1\t9.99\t5\tB000000001\tDEFAULT\tActive\n"
TEXT = {"Content_Type": "text/plain;charset=UTF-8"}


def document(url: str = URL, compression: str | None = None) -> ReportDocument:
    return ReportDocument("doc-1", url, compression)


def rows(world: World, found: ReportDocument | None = None) -> list[dict[str, str]]:
    return list(world.client.download_rows(found or document()))


def listings(text: bytes, **headers: str) -> list[ListingRow]:
    world = World(Answer(200, text, **headers))
    return [row for batch in world.client.download_listings(document()) for row in batch]


def test_a_file_is_read_as_rows_by_column_name() -> None:
    world = World(Answer(200, (TABLE + ROW).encode(), **TEXT))

    assert rows(world)[0]["seller-sku"] == "CUP-1"


def test_a_file_is_fetched_without_our_headers_and_counts_no_call() -> None:
    world = World(Answer(200, (TABLE + ROW).encode()))

    rows(world)

    headers = {name.lower() for name in world.adapter.requests[0].headers}
    assert headers.isdisjoint({"x-amz-access-token", "authorization", "content-type"})
    assert world.client.calls == {}


def test_a_packed_file_is_unpacked_even_in_several_parts() -> None:
    packed = gzip.compress(TABLE.encode()) + gzip.compress(ROW.encode())
    world = World(Answer(200, packed))

    assert len(rows(world, document(compression="GZIP"))) == 1


def test_a_file_that_was_unpacked_on_the_way_is_not_unpacked_again() -> None:
    packed = gzip.compress((TABLE + ROW).encode())
    world = World(Answer(200, packed, Content_Encoding="gzip"))

    assert len(rows(world, document(compression="GZIP"))) == 1


@pytest.mark.parametrize(
    ("charset", "title", "header"),
    [
        ("utf-8", "Füße 靴", "text/plain; charset=UTF-8"),
        ("utf-8", "Füße 靴", "text/plain"),
        ("utf-8-sig", "Füße 靴", "text/plain;charset=utf-8"),
        ("cp1252", "Füße – €", "text/plain;charset=ISO-8859-1"),
        ("cp1252", "Füße – €", "text/plain;charset=Cp1252"),
        ("cp1252", "Füße – €", "text/plain;charset=UTF-8"),
        ("cp1252", "Füße – €", "text/plain"),
        ("cp932", "靴①", 'text/plain; charset="Shift_JIS"'),
        ("utf-8", "Füße 靴", "text/plain;charset=zlib"),
    ],
)
def test_text_is_read_in_the_charset_that_fits(charset: str, title: str, header: str) -> None:
    text = (TABLE + ROW.replace("Red cup", title)).encode(charset)

    assert listings(text, Content_Type=header)[0].title == title


def test_listings_are_read_by_column_name() -> None:
    assert listings((TABLE + ROW).encode()) == [
        ListingRow("CUP-1", "B000000001", "Red cup", "Active", "DEFAULT", 5, Decimal("9.99"))
    ]


def test_fba_rows_have_no_quantity_and_missing_columns_are_empty() -> None:
    found = listings(b"seller-sku\tquantity\nCUP-1\t\nCUP-2\n")

    assert [row.quantity for row in found] == [None, None]
    assert found[1] == ListingRow("CUP-2", "", "", "", "", None, None)


def test_odd_rows_are_read_as_far_as_they_go() -> None:
    text = 'Seller-SKU \titem-name\r\nA\t12" \u2028 tube\tmore\r\n\r\n\t no sku\r\nB\tone\rrow\r\n'

    assert [(row.seller_sku, row.title) for row in listings(text.encode())] == [
        ("A", '12" \u2028 tube'),
        ("B", "one\rrow"),
    ]


def test_listings_come_in_batches_of_a_thousand() -> None:
    text = "seller-sku\n" + "".join(f"SKU-{number}\n" for number in range(2500))
    world = World(Answer(200, text.encode()))

    assert [len(batch) for batch in world.client.download_listings(document())] == [1000, 1000, 500]


@pytest.mark.parametrize("text", [b"sku-name\tprice\nA\t1\n", b"seller-sku\tquantity\nA\tmany\n"])
def test_a_file_that_is_no_listing_report_is_refused(text: bytes) -> None:
    with pytest.raises(RejectedError):
        listings(text)


@pytest.mark.parametrize(
    "fault",
    [
        Answer(200, b""),
        Answer(200, b"  \n"),
        Answer(200, b"<html>Sorry</html>"),
        Answer(200, b"<?xml version='1.0'?><Error/>"),
        Answer(200, b"a\tb", Content_Type="text/html"),
        Answer(200, b"a\tb\n", Content_Length="900"),
        Answer(500, b"<Error/>"),
        Answer(302, b"", Location="http://169.254.169.254/"),
        requests.ConnectionError(URL),
        requests.ReadTimeout(URL),
    ],
    ids=range(10),
)
def test_a_faulty_file_is_fetched_again_and_never_no_rows(fault: Answer | Exception) -> None:
    again = World(fault, fault, Answer(200, (TABLE + ROW).encode()))
    assert len(rows(again)) == 1

    world = World(fault)
    with pytest.raises(UnavailableError) as raised:
        rows(world)
    assert len(world.adapter.requests) == 6
    assert "signature-x" not in str(raised.value) + repr(raised.value.__context__)


@pytest.mark.parametrize("end", [-4, -12, 5, 0])
def test_a_cut_archive_yields_no_row_at_all(end: int) -> None:
    packed = gzip.compress((TABLE + ROW * 50).encode())
    world = World(Answer(200, packed[:end] if end else b"not gzip"))

    with pytest.raises(UnavailableError):
        next(world.client.download_rows(document(compression="GZIP")))


def test_an_address_that_died_is_not_tried_again() -> None:
    world = World(Answer(403, b"<Error><Code>AccessDenied</Code></Error>"))

    with pytest.raises(UnavailableError):
        rows(world)

    assert len(world.adapter.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://x.amazonaws.com/report",
        "https://amazonaws.com.evil.test/report",
        "https://evilamazonaws.com/report",
        "https://x.amazonaws.com@evil.test/report",
        "https://evil.test\\@x.amazonaws.com/report",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "ftp://x.amazonaws.com/report",
        "//x.amazonaws.com/report",
        "",
    ],
)
def test_a_file_that_lies_anywhere_else_is_not_fetched(url: str) -> None:
    world = World(Answer(200, b"a\tb\n"))

    with pytest.raises(RejectedError):
        rows(world, document(url))

    assert world.adapter.requests == []


def test_the_endpoint_itself_may_serve_files() -> None:
    world = World(Answer(200, b"a\tb\n1\t2\n"), endpoint="http://127.0.0.1:8100")

    assert rows(world, document("http://127.0.0.1:8100/file")) == [{"a": "1", "b": "2"}]


def test_which_hosts_may_serve_files_can_be_said() -> None:
    world = World(Answer(200, b"a\n1\n"), document_hosts=("files.test",))

    assert rows(world, document("https://files.test/file")) == [{"a": "1"}]
    with pytest.raises(RejectedError):
        rows(world, document("https://sellingpartnerapi-eu.amazon.com/file"))


def test_a_compression_we_do_not_know_is_refused() -> None:
    with pytest.raises(RejectedError, match="compression"):
        rows(World(Answer(200, b"x")), document(compression="ZIP"))


def test_an_archive_larger_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amazon.documents.LIMIT_BYTES", 1000)
    world = World(Answer(200, gzip.compress(b"a\n" + b"1\n" * 10_000)))

    with pytest.raises(UnavailableError):
        rows(world, document(compression="GZIP"))


def test_the_address_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    rows(World(Answer(200, (TABLE + ROW).encode())))

    assert "document 200" in caplog.text
    assert "signature-x" not in caplog.text + repr(document())


def test_the_hook_comes_before_a_download_too() -> None:
    def refuse() -> None:
        raise RuntimeError("a database transaction is open")

    with pytest.raises(RuntimeError, match="transaction"):
        rows(World(Answer(200, b"a\n"), before_call=refuse))
