"""The tables. One file per family; everything is exported here."""

from inventory.models.accounts import Account, LoginThrottle, OneTimeLink, Role, Submission, User
from inventory.models.changes import Change
from inventory.models.connections import (
    Application,
    Connection,
    ConnectionDraft,
    ConnectionHealth,
    OAuthRequest,
    OrderType,
    Participation,
)
from inventory.models.listings import Listing, ListingOffer, Variant, VariantLink
from inventory.models.orders import (
    OrderKind,
    OrderLine,
    OrderShipment,
    StatusType,
    StockOrder,
)
from inventory.models.plans import InboundPlan
from inventory.models.shipments import Receipt, Shipment, ShipmentLine, ShipmentStatus
from inventory.models.stock import STOCK_FIGURES, StockDay, StockFigures, StockLevel
from inventory.models.syncs import (
    ConnectionLease,
    Leader,
    Report,
    SyncKind,
    SyncMark,
    SyncRun,
    SyncState,
)
from inventory.models.warehouses import Warehouse, WarehouseKind

__all__ = [
    "STOCK_FIGURES",
    "Account",
    "Application",
    "Change",
    "Connection",
    "ConnectionDraft",
    "ConnectionHealth",
    "ConnectionLease",
    "InboundPlan",
    "Leader",
    "Listing",
    "ListingOffer",
    "LoginThrottle",
    "OAuthRequest",
    "OneTimeLink",
    "OrderKind",
    "OrderLine",
    "OrderShipment",
    "OrderType",
    "Participation",
    "Receipt",
    "Report",
    "Role",
    "Shipment",
    "ShipmentLine",
    "ShipmentStatus",
    "StatusType",
    "StockDay",
    "StockFigures",
    "StockLevel",
    "StockOrder",
    "Submission",
    "SyncKind",
    "SyncMark",
    "SyncRun",
    "SyncState",
    "User",
    "Variant",
    "VariantLink",
    "Warehouse",
    "WarehouseKind",
]
