"""Labels and freight papers: v0's getLabels and getBillOfLading, and item labels."""

from typing import Any

from simulator import bodies, draft_views, drafts, paper, sending_rules, tokens
from simulator.drafts import Draft
from simulator.operations import Call, Operation, Refused
from simulator.sending import ROOT
from simulator.shipments import Shipment
from simulator.times import milliseconds_iso
from simulator.transport_offers import OWN, PARCEL

#: How long the address of a paper is good for, seconds (models #4073).
LIFE_S = 15
_KEY = "paper"
_V0 = "/fba/inbound/v0/shipments/<shipmentId>"
_PAGE_TYPES = tuple(
    f"PackageLabel_{word}"
    for word in [
        "Letter_2",
        "Letter_4",
        "Letter_6",
        "Letter_6_CarrierLeft",
        "A4_2",
        "A4_4",
        "Plain_Paper",
        "Plain_Paper_CarrierBottom",
        "Thermal",
        "Thermal_Unified",
        "Thermal_NonPCP",
        "Thermal_No_Carrier_Rotation",
    ]
)
_LABEL_TYPES = ("BARCODE_2D", "UNIQUE", "PALLET")
_SHEETS = [
    "A4_21",
    "A4_24",
    "A4_24_64x33",
    "A4_24_66x35",
    "A4_24_70x36",
    "A4_24_70x37",
    "A4_24i",
    "A4_27",
    "A4_40_52x29",
    "A4_44_48x25",
    "Letter_30",
]
#: Labels that an address names one by one.
_LISTED = 60
_MOST_PAGES = 1000


def get_labels(call: Call, shipmentId: str) -> dict[str, Any]:
    """Answer getLabels, by FBA id. The shipment becomes READY_TO_SHIP (models #4114)."""
    query = call.query
    shipment = _find(call, shipmentId)
    draft, chosen = _transport(call, shipment)
    is_freight = chosen.get("shippingMode", PARCEL) != PARCEL
    is_own = chosen.get("shippingSolution") == OWN
    if is_own and is_freight and not {"PageSize", "PageStartIndex"} <= query.keys():
        raise Refused(400, "PageSize and PageStartIndex are required for non-partnered LTL.")
    if query["LabelType"] == "PALLET" and not query.get("NumberOfPallets"):
        raise Refused(400, "NumberOfPallets is required for pallet labels.")
    labels = _labels(call, shipment, draft)
    unknown = sorted(set(query.get("PackageLabelsToPrint", ())) - set(labels))
    if unknown and draft is not None:
        raise Refused(400, f"Package {unknown[0]} is not part of the shipment.")
    _mark_labelled(call, draft, shipment)
    wanted = query.get("PackageLabelsToPrint") or labels
    first = query.get("PageStartIndex", 0)
    shown = wanted[first : first + min(query.get("PageSize", _MOST_PAGES), _MOST_PAGES)]
    if query["LabelType"] == "PALLET":
        shown = [f"{shipmentId} pallet {n // 4 + 1}" for n in range(query["NumberOfPallets"] * 4)]
    return {"payload": {"DownloadURL": _address(call, f"FBA {shipment.centre}", shown)}}


def get_bill_of_lading(call: Call, shipmentId: str) -> dict[str, Any]:
    """Answer getBillOfLading: only for freight by Amazon's partners."""
    shipment = _find(call, shipmentId)
    plan = call.moment.plan(shipment)
    _transport(call, shipment)
    if plan.is_own_carrier or plan.mode == PARCEL:
        raise Refused(400, "There is a bill of lading for partnered freight only.")
    address = _address(call, "Bill of lading", [shipmentId])
    return {"payload": {"DownloadURL": address}}


def create_marketplace_item_labels(call: Call) -> dict[str, Any]:
    """Answer createMarketplaceItemLabels."""
    body = bodies.check(call.body, bodies.ITEM_LABELS)
    country = sending_rules.country_for(call, body["marketplaceId"])
    is_sheet = body["labelType"] == "STANDARD_FORMAT"
    if is_sheet and body.get("pageType") not in _SHEETS:
        raise Refused(400, "pageType is required for STANDARD_FORMAT.")
    if not is_sheet and not {"width", "height"} <= body.keys():
        raise Refused(400, "width and height are required for THERMAL_PRINTING.")
    shown = []
    for row in body["mskuQuantities"]:
        listing = sending_rules.fba_listing(call, country, row["msku"])
        if listing is None:
            raise Refused(400, "The requested MSKU is not valid.")
        shown.append(f"{listing.fnsku} x {row['quantity']}")
    download = {
        "downloadType": "URL",
        "uri": _address(call, "Item labels", shown),
        "expiration": milliseconds_iso(call.now + LIFE_S),
    }
    return {"documentDownloads": [download]}


def file_of_signature(signature: str, now: float) -> bytes | None:
    """Return the paper that an address stands for; ``None`` when it is over or forged."""
    meaning = tokens.unseal(_KEY, signature)
    if meaning is None or meaning["until"] < now:
        return None
    shown = meaning["shown"] or ["-"]
    if "count" in meaning:
        head, first = shown[0][:-6], int(shown[0][-6:])
        shown = [f"{head}{first + place:06d}" for place in range(meaning["count"])]
    return paper.pdf([[meaning["title"], one, "SIMULATED, NOT FOR SHIPPING"] for one in shown])


def _find(call: Call, shipment_id: str) -> Shipment:
    shipment = call.moment.shipments_by_id.get(shipment_id)
    if shipment is None or shipment.status(call.moment.hour) == "CANCELLED":
        raise Refused(400, "Data is invalid. Please check.", "Invalid Input")
    return shipment


def _transport(call: Call, shipment: Shipment) -> tuple[Draft | None, dict[str, Any]]:
    """Return the draft and its chosen option; labels exist only once transport is confirmed."""
    moment = call.moment
    if shipment.plan not in moment.made.plans:
        return None, {}
    draft, offered = moment.made.origin(shipment)
    chosen = draft.under("transport_choice", offered["id"])
    if chosen is None:
        raise Refused(400, "Transport must be confirmed before labels can be printed.")
    return draft, chosen


def _labels(call: Call, shipment: Shipment, draft: Draft | None) -> list[str]:
    if draft is None:
        return [f"{shipment.id}U{number:06d}" for number in range(1, 4)]
    _draft, offered = call.moment.made.origin(shipment)
    return [row["boxId"] for row in draft_views.boxes(call.moment, draft, offered["id"])]


def _mark_labelled(call: Call, draft: Draft | None, shipment: Shipment) -> None:
    if draft is None:
        return
    _draft, offered = call.moment.made.origin(shipment)
    with call.simulator.journal.writing() as db:
        now = drafts.find(db, call.region, draft.id)
        if now is not None and now.under("labelled", offered["id"]) is None:
            drafts.change(db, now, {f"labelled/{offered['id']}": drafts.NOW}, call.stamp)


def _address(call: Call, title: str, shown: list[str]) -> str:
    """A long list is told by its first and its length, as the numbers of boxes go up by one."""
    until = call.now + LIFE_S
    meaning: dict[str, Any] = {"title": title, "shown": shown, "until": until}
    if len(shown) > _LISTED and shown[0][-6:].isdigit():
        meaning = {"title": title, "shown": shown[:1], "count": len(shown), "until": until}
    signature = tokens.seal(_KEY, **meaning)
    return f"{call.base_url}/documents/paper.pdf?X-Amz-Expires={LIFE_S}&X-Amz-Signature={signature}"


OPERATIONS = (
    Operation(
        "getLabels",
        "GET",
        _V0 + "/labels",
        get_labels,
        {
            "PageType": _PAGE_TYPES,
            "LabelType": _LABEL_TYPES,
            "NumberOfPackages": "integer",
            "PackageLabelsToPrint": ["text"],
            "NumberOfPallets": "integer",
            "PageSize": "integer",
            "PageStartIndex": "integer",
        },
        required=("PageType", "LabelType"),
    ),
    Operation("getBillOfLading", "GET", _V0 + "/billOfLading", get_bill_of_lading),
    Operation(
        "createMarketplaceItemLabels",
        "POST",
        ROOT + "/items/labels",
        create_marketplace_item_labels,
        refusal_code="BadRequest",
    ),
)
