"""Rows for tests: valid by default, each field overridable by name, committed."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from extensions import db
from inventory.models import (
    Account,
    Application,
    Attachment,
    Connection,
    Listing,
    OrderKind,
    OrderLine,
    OrderShipment,
    Role,
    Shipment,
    ShipmentLine,
    StatusType,
    StockOrder,
    SyncKind,
    SyncRun,
    User,
    Variant,
    VariantLink,
    Vendor,
    Warehouse,
    WarehouseKind,
)

Row = TypeVar("Row")
numbers = count(1)
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def make_account(**fields: Any) -> Account:
    return saved(Account(**{"id": 1, "timezone": "Europe/Berlin", "currency": "EUR", **fields}))


def make_user(**fields: Any) -> User:
    number = next(numbers)
    defaults = {
        "email": f"user{number}@example.com",
        "name": f"User {number}",
        "role": Role.OWNER,
        "nonce": f"nonce{number}",
        "created_at": LONG_AGO,
    }
    return saved(User(**{**defaults, **fields}))


def make_application(**fields: Any) -> Application:
    number = next(numbers)
    defaults = {
        "name": f"Planning {number}",
        "client_id": f"amzn1.application-oa2-client.{number}",
        "client_secret_encrypted": "sealed",
        "created_at": LONG_AGO,
    }
    return saved(Application(**{**defaults, **fields}))


def make_connection(**fields: Any) -> Connection:
    number = next(numbers)
    defaults = {
        "name": f"Harbour {number}",
        "region": "NA",
        "seller_id": f"A{number:012d}",
        "primary_marketplace_id": "ATVPDKIKX0DER",
        "created_at": LONG_AGO,
    }
    return saved(Connection(**{**defaults, **fields}))


def make_warehouse(**fields: Any) -> Warehouse:
    """An FBA warehouse in the United States unless ``kind`` says otherwise."""
    number = next(numbers)
    kind = fields.setdefault("kind", WarehouseKind.FBA)
    if kind in (WarehouseKind.FBA, WarehouseKind.FBM) and "connection_id" not in fields:
        fields["connection_id"] = fields.pop("connection", None) or make_connection()
        fields["connection_id"] = fields["connection_id"].id
    if kind == WarehouseKind.FBA:
        fields.setdefault("marketplace_id", "ATVPDKIKX0DER")
    defaults = {"name": f"Warehouse {number}", "country": "US", "currency": "USD"}
    return saved(Warehouse(**{**defaults, **fields}))


def make_listing(**fields: Any) -> Listing:
    number = next(numbers)
    if "connection_id" not in fields:
        fields["connection_id"] = make_connection().id
    defaults = {
        "channel": "FBA",
        "seller_sku": f"HK-{number}",
        "asin": f"B0{number:08d}",
        "title": f"Kettle {number}",
        "status": "active",
        "created_at": LONG_AGO,
    }
    return saved(Listing(**{**defaults, **fields}))


def make_shipment(**fields: Any) -> Shipment:
    """An open shipment without lines; add them with ``make_shipment_line``."""
    number = next(numbers)
    if "connection_id" not in fields:
        fields["connection_id"] = make_connection().id
    defaults = {
        "amazon_shipment_id": f"FBA{number:09d}",
        "name": f"Restock {number}",
        "amazon_status": "SHIPPED",
        "status": "SHIPPED",
        "destination_fc": "ONT8",
        "marketplace_id": "ATVPDKIKX0DER",
        "marketplace_source": "plan",
        "first_seen_on": date(2026, 11, 1),
        "first_seen_source": "sync",
    }
    return saved(Shipment(**{**defaults, **fields}))


def make_shipment_line(shipment: Shipment, **fields: Any) -> ShipmentLine:
    if "listing_id" not in fields:
        fields["listing_id"] = make_listing(connection_id=shipment.connection_id).id
    listing = db.session.get(Listing, fields["listing_id"])
    assert listing is not None
    defaults = {"seller_sku": listing.seller_sku, "units_shipped": 10, "units_received": 0}
    return saved(ShipmentLine(**{"shipment_id": shipment.id, **defaults, **fields}))


def make_order(**fields: Any) -> StockOrder:
    number = next(numbers)
    if "destination_id" not in fields:
        fields["destination_id"] = make_warehouse().id
    defaults = {
        "kind": OrderKind.PURCHASE,
        "reference": f"FBA{number:09d}",
        "status": "Shipped",
        "status_type": StatusType.ACTIVE,
        "origin": "amazon",
        "created_on": date(2026, 11, 1),
        "expected_on": date(2026, 12, 1),
        "expected_source": "first_seen",
        "currency": "USD",
        "created_at": LONG_AGO,
    }
    return saved(StockOrder(**{**defaults, **fields}))


def make_order_line(order: StockOrder, **fields: Any) -> OrderLine:
    if "listing_id" not in fields:
        fields["listing_id"] = make_listing().id
    listing = db.session.get(Listing, fields["listing_id"])
    assert listing is not None
    defaults = {"seller_sku": listing.seller_sku, "units_ordered": 10, "units_outstanding": 10}
    return saved(OrderLine(**{"order_id": order.id, **defaults, **fields}))


def make_vendor(**fields: Any) -> Vendor:
    defaults = {"name": f"Vendor {next(numbers)}", "currency": "USD", "created_at": LONG_AGO}
    return saved(Vendor(**{**defaults, **fields}))


def make_variant(listing: Listing, **fields: Any) -> Variant:
    """The variant of its own that a listing has."""
    defaults = {"sku": listing.seller_sku, "title": listing.title, "created_at": LONG_AGO}
    variant = saved(Variant(**{**defaults, **fields}))
    saved(VariantLink(listing_id=listing.id, variant_id=variant.id, linked_at=LONG_AGO))
    return variant


def link(order: StockOrder, shipment: Shipment) -> OrderShipment:
    row = OrderShipment(order_id=order.id, shipment_id=shipment.id, linked_at=LONG_AGO)
    return saved(row)


def make_attachment(order: StockOrder | None = None, **fields: Any) -> Attachment:
    """A text file kept with ``order``, or with the shipment of ``shipment_id``."""
    content = fields.setdefault("content", b"Two pallets")
    defaults = {
        "order_id": order.id if order else None,
        "name": f"note-{next(numbers)}.txt",
        "media_type": "text/plain",
        "size": len(content),
        "added_at": LONG_AGO,
    }
    return saved(Attachment(**{**defaults, **fields}))


def make_run(**fields: Any) -> SyncRun:
    if "connection_id" not in fields:
        fields["connection_id"] = make_connection().id
    defaults = {"kind": SyncKind.SHIPMENTS, "queued_at": LONG_AGO, "not_before": LONG_AGO}
    return saved(SyncRun(**{**defaults, **fields}))


def saved(row: Row) -> Row:
    db.session.add(row)
    db.session.commit()
    return row
