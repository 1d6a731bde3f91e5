"""Every list as XLSX: the same rows as its CSV, as dates, numbers and texts"""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from blueprints.workbooks import XLSX, xlsx_response
from inventory.rules.workbooks import cell_text
from tests.factories import (
    make_listing,
    make_order,
    make_order_line,
    make_run,
    make_shipment,
    make_warehouse,
)

LISTS = (
    "/purchase-orders", "/purchase-orders/lines", "/transfer-orders", "/transfer-orders/lines",
    "/purchase-orders/1", "/shipments", "/listings", "/variants", "/stock", "/activity",
    "/activity/changes",
)  # fmt: skip


def sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def written(app: Flask, *rows: tuple[object, ...]) -> list[list[Any]]:
    with app.test_request_context(), xlsx_response("file", ("a", "b"), rows) as answer:
        return sheet(answer.get_data())


@pytest.mark.parametrize("path", LISTS)
def test_has_the_header_and_rows_of_the_csv(client: FlaskClient, path: str) -> None:
    listing = make_listing(seller_sku="=A1", title="Kettle")
    order = make_order(reference="-5", shipping_handling=Decimal("12.50"))
    make_order_line(order, listing_id=listing.id, unit_cost=Decimal("4.25"))
    make_shipment()
    make_run()

    answer = client.get(f"{path}.xlsx")
    plain = list(csv.reader(io.StringIO(client.get(f"{path}.csv").text)))

    assert answer.mimetype == XLSX
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    found = [[cell_text(value) for value in row] for row in sheet(answer.data)]
    assert found[0] == plain[0]
    assert len(found) == len(plain)
    unguarded = [[cell.removeprefix("'") for cell in row] for row in plain]
    if "activity" not in path:  # a moment is a time there, and text in the CSV
        assert [row[:3] for row in found] == [row[:3] for row in unguarded]


def test_filters_hold(client: FlaskClient) -> None:
    home = make_warehouse()
    make_order(reference="PO-1", destination_id=home.id)
    make_order(reference="PO-2", destination_id=home.id)

    rows = sheet(client.get("/purchase-orders.xlsx?q=PO-2").data)

    assert [row[0] for row in rows] == ["reference", "PO-2"]


def test_values_keep_their_kind(app: Flask) -> None:
    moment = datetime(2026, 12, 31, 8, 5, tzinfo=UTC)

    rows = written(app, (date(2026, 12, 31), Decimal("4.25")), (moment, 7), (None, True))

    assert rows[1] == [date(2026, 12, 31), 4.25]
    assert rows[2] == [datetime(2026, 12, 31, 8, 5), 7.0]  # noqa: DTZ001 - a sheet has no zones
    assert rows[3] == ["", True]


def test_a_text_stays_a_text(app: Flask) -> None:
    odd = ["=1+1", "+1", "-1", "@sum", "007", "https://example.com", "\x00\x07", "x" * 40_000]

    rows = written(app, *((text, "") for text in odd))

    assert [row[0] for row in rows[1:]][:6] == odd[:6]
    assert len(rows[8][0]) == 32_767


def test_a_list_without_rows_has_its_header(app: Flask) -> None:
    assert written(app) == [["a", "b"]]


def test_many_rows_need_no_more_memory(app: Flask) -> None:
    rows = ((f"a longer text no. {n}", n) for n in range(20_000))
    with app.test_request_context():
        tracemalloc.start()
        answer = xlsx_response("file", ("a", "b"), rows)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        answer.close()

    assert peak < 2_000_000
