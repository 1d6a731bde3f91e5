"""Checks request bodies as strictly as Amazon does, and says where they are wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.operations import Refused

#: What a part may be: text, number, list, one of some words, or an object of named parts.
#: A name that ends in ``?`` may be left out; unknown names are refused.
Shape = "Text | Number | Rows | tuple[str, ...] | Mapping[str, Any]"


@dataclass(frozen=True)
class Text:
    """A text of 1 to ``longest`` letters that fits ``pattern``."""

    longest: int
    pattern: str = ""


@dataclass(frozen=True)
class Number:
    """A number from ``low`` to ``high``; whole unless ``has_fraction``."""

    low: float
    high: float
    has_fraction: bool = False


@dataclass(frozen=True)
class Rows:
    """A list of 1 (or ``fewest``) to ``most`` parts of one shape."""

    shape: Any
    most: int
    fewest: int = 1


def check(body: Any, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body; raise ``Refused`` (400) with the first thing that is wrong."""
    _check(body, shape, "body")
    return dict(body)


def _check(value: Any, shape: Any, at: str) -> None:
    if isinstance(shape, Mapping):
        _check_object(value, shape, at)
    elif isinstance(shape, Rows):
        if not isinstance(value, list) or not shape.fewest <= len(value) <= shape.most:
            raise _wrong(f"{at} must be a list of {shape.fewest} to {shape.most}")
        for place, row in enumerate(value):
            _check(row, shape.shape, f"{at}[{place}]")
    elif isinstance(shape, Text):
        if not isinstance(value, str) or not 1 <= len(value) <= shape.longest:
            raise _wrong(f"{at} must be a text of 1 to {shape.longest} characters")
        if shape.pattern and not re.fullmatch(shape.pattern, value):
            raise _wrong(f"{at} is malformed")
    elif isinstance(shape, Number):
        _check_number(value, shape, at)
    elif value not in shape:
        raise _wrong(f"{at} must be one of {', '.join(shape)}")


def _check_object(value: Any, shape: Mapping[str, Any], at: str) -> None:
    if not isinstance(value, dict):
        raise _wrong(f"{at} must be an object")
    names = {name.rstrip("?"): part for name, part in shape.items()}
    unknown = sorted(value.keys() - names.keys())
    if unknown:
        raise _wrong(f"{at}.{unknown[0]} is unknown")
    for name, part in shape.items():
        if name.rstrip("?") in value:
            _check(value[name.rstrip("?")], part, f"{at}.{name.rstrip('?')}")
        elif not name.endswith("?"):
            raise _wrong(f"{at}.{name} is required")


def _check_number(value: Any, shape: Number, at: str) -> None:
    kinds = (int, float) if shape.has_fraction else (int,)
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise _wrong(f"{at} must be a number")
    if not shape.low <= value <= shape.high:
        raise _wrong(f"{at} must be from {shape.low:g} to {shape.high:g}")


def _wrong(message: str) -> Refused:
    return Refused(400, message, "BadRequest")


LONG_ID = Text(38, r"[a-zA-Z0-9-]{38}")
_DAY = Text(10, r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_TIME = Text(40, r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-].*)")
_OWNERS = ("AMAZON", "SELLER", "NONE")
_SIZE = Number(0, 100_000, has_fraction=True)
ITEM = {
    "msku": Text(255),
    "quantity": Number(1, 500_000),
    "labelOwner": _OWNERS,
    "prepOwner": _OWNERS,
    "expiration?": _DAY,
    "manufacturingLotCode?": Text(256),
}
ADDRESS = {
    "name": Text(50),
    "companyName?": Text(50),
    "addressLine1": Text(180),
    "addressLine2?": Text(60),
    "city": Text(30),
    "districtOrCounty?": Text(50),
    "stateOrProvinceCode?": Text(64),
    "countryCode": Text(2, "[A-Z]{2}"),
    "postalCode": Text(32),
    "phoneNumber": Text(20),
    "email?": Text(1024),
}
PLAN_NAME = {"name": Text(40)}
PLAN = {
    "name?": Text(40),
    "destinationMarketplaces": Rows(Text(20), 1),
    "sourceAddress": ADDRESS,
    "items": Rows(ITEM, 2000),
}
_DIMENSIONS = {
    "length": _SIZE,
    "width": _SIZE,
    "height": _SIZE,
    "unitOfMeasurement": ("IN", "CM"),
}
_WEIGHT = {"value": _SIZE, "unit": ("LB", "KG")}
_BOX = {
    "quantity": Number(1, 10_000),
    "contentInformationSource": ("BOX_CONTENT_PROVIDED", "MANUAL_PROCESS", "BARCODE_2D"),
    "dimensions": _DIMENSIONS,
    "weight": _WEIGHT,
    "items?": Rows(ITEM, 2000, 0),
}
PACKING = {
    "packageGroupings": Rows(
        {"packingGroupId?": LONG_ID, "shipmentId?": LONG_ID, "boxes": Rows(_BOX, 5000)}, 1000
    )
}
PLACEMENT = {"customPlacement?": Rows({"warehouseId": Text(1024), "items": Rows(ITEM, 2000)}, 100)}
_CONTACT = {"name": Text(50), "phoneNumber": Text(20), "email?": Text(1024)}
_MONEY = {"code": Text(3, "[A-Z]{3}"), "amount": Number(0, 1e12, has_fraction=True)}
_PALLET = {
    "quantity": Number(1, 10_000),
    "dimensions?": _DIMENSIONS,
    "weight?": _WEIGHT,
    "stackability?": ("STACKABLE", "NON_STACKABLE"),
}
TRANSPORT = {
    "placementOptionId": LONG_ID,
    "shipmentTransportationConfigurations": Rows(
        {
            "shipmentId": LONG_ID,
            "readyToShipWindow": {"start": _TIME},
            "contactInformation?": _CONTACT,
            "freightInformation?": {"freightClass?": Text(1024), "declaredValue?": _MONEY},
            "pallets?": Rows(_PALLET, 1000, 0),
        },
        1000,
    ),
}
CHOICES = {
    "transportationSelections": Rows(
        {
            "shipmentId": LONG_ID,
            "transportationOptionId": LONG_ID,
            "contactInformation?": _CONTACT,
        },
        1000,
    )
}
_PARCEL = {"boxId": Text(1024), "trackingId": Text(64)}
TRACKING = {
    "trackingDetails": {
        "spdTrackingDetail?": {"spdTrackingItems": Rows(_PARCEL, 100_000, 0)},
        "ltlTrackingDetail?": {
            "freightBillNumber": Rows(Text(64, "[a-zA-Z0-9-._ ]*"), 1),
            "billOfLadingNumber?": Text(1024),
        },
    }
}
PREP = {
    "marketplaceId": Text(20),
    "mskuPrepDetails": Rows(
        {"msku": Text(255), "prepCategory": Text(20), "prepTypes": Rows(Text(30), 20, 0)}, 100
    ),
}
_MILLIMETRES = Number(25, 100, has_fraction=True)
ITEM_LABELS = {
    "marketplaceId": Text(20),
    "mskuQuantities": Rows({"msku": Text(255), "quantity": Number(1, 10_000)}, 100),
    "labelType": ("STANDARD_FORMAT", "THERMAL_PRINTING"),
    "pageType?": Text(40),
    "localeCode?": Text(5, "[a-z]{2}_[A-Z]{2}"),
    "width?": _MILLIMETRES,
    "height?": _MILLIMETRES,
}
