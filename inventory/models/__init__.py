"""The tables. One file per family; everything is exported here."""

from inventory.models.accounts import (
    Account,
    LoginThrottle,
    OneTimeLink,
    Role,
    SavedView,
    Submission,
    User,
)
from inventory.models.changes import Change, DataMark
from inventory.models.connections import (
    Application,
    Connection,
    ConnectionDraft,
    ConnectionHealth,
    OAuthRequest,
    OrderType,
    Participation,
)
from inventory.models.imports import ImportDraft
from inventory.models.listings import Listing, ListingOffer, Variant, VariantLink
from inventory.models.orders import (
    Attachment,
    ClaimWindow,
    OrderKind,
    OrderLine,
    OrderReceipt,
    OrderShipment,
    OrderStatus,
    StatusType,
    StockOrder,
)
from inventory.models.plans import InboundPlan
from inventory.models.rates import ExchangeRate
from inventory.models.sendings import (
    Sending,
    SendingBox,
    SendingLine,
    SendingOption,
    SendingProblem,
    SendingShipment,
    SendingState,
    SendingStep,
)
from inventory.models.shipments import Receipt, Shipment, ShipmentLine, ShipmentStatus
from inventory.models.stock import STOCK_FIGURES, StockDay, StockEntry, StockFigures, StockLevel
from inventory.models.syncs import (
    ConnectionLease,
    Leader,
    Report,
    SyncKind,
    SyncMark,
    SyncRun,
    SyncState,
)
from inventory.models.vendors import Vendor, VendorItem
from inventory.models.warehouses import CentrePlace, StockBasis, Warehouse, WarehouseKind

__all__ = [
    "STOCK_FIGURES",
    "Account",
    "Application",
    "Attachment",
    "CentrePlace",
    "Change",
    "ClaimWindow",
    "Connection",
    "ConnectionDraft",
    "ConnectionHealth",
    "ConnectionLease",
    "DataMark",
    "ExchangeRate",
    "ImportDraft",
    "InboundPlan",
    "Leader",
    "Listing",
    "ListingOffer",
    "LoginThrottle",
    "OAuthRequest",
    "OneTimeLink",
    "OrderKind",
    "OrderLine",
    "OrderReceipt",
    "OrderShipment",
    "OrderStatus",
    "OrderType",
    "Participation",
    "Receipt",
    "Report",
    "Role",
    "SavedView",
    "Sending",
    "SendingBox",
    "SendingLine",
    "SendingOption",
    "SendingProblem",
    "SendingShipment",
    "SendingState",
    "SendingStep",
    "Shipment",
    "ShipmentLine",
    "ShipmentStatus",
    "StatusType",
    "StockBasis",
    "StockDay",
    "StockEntry",
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
    "Vendor",
    "VendorItem",
    "Warehouse",
    "WarehouseKind",
]
