"""A sending as the job takes it between two transactions: plain values, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from amazon.plan_inputs import ItemInput
from inventory.models import Sending, SendingLine, SendingOption, SendingShipment, SendingState
from inventory.rules.boxes import Box
from inventory.rules.sending_turns import Facts, Leg
from inventory.rules.ship_from import ShipFrom
from inventory.services import accounts, sending_choices, sending_rows
from inventory.services.sending_addresses import from_json

WINDOW_NEEDED = "CONFIRMED_DELIVERY_WINDOW"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as it is sent; ``asin`` is its listing's."""

    item: ItemInput
    asin: str
    units_per_case: int | None
    prep_category: str
    prep_types: tuple[str, ...]
    is_prep_wanted: bool


@dataclass(frozen=True, slots=True)
class LegFacts:
    """A shipment of the chosen placement, with what was chosen for it."""

    shipment_id: str
    ready_on: date | None
    freight: dict[str, Any]
    tracking: dict[str, Any]
    option_id: str
    window_id: str
    needs_window: bool


@dataclass(frozen=True, slots=True)
class Here:
    """One sending as it is."""

    id: int
    version: int
    connection_id: int
    marketplace_id: str
    marker: str
    plan_name: str
    plan_id: str
    route: str
    state: SendingState
    call: str
    called_at: datetime | None
    operation_id: str
    looks: int
    failures: int
    #: A person wants to know at once what Amazon has of a lost call.
    is_look_asked: bool
    is_over: bool
    ship_from: ShipFrom
    lines: tuple[LineFacts, ...]
    packing_option_id: str
    placement_option_id: str
    #: What must be packed (packing group or shipment) -> its boxes.
    packed: dict[str, tuple[Box, ...]]
    legs: tuple[LegFacts, ...]
    #: (kind, shipment or "") -> ids of the options that are stored.
    option_ids: dict[tuple[str, str], frozenset[str]]
    #: The account's.
    today: date
    zone: ZoneInfo
    #: Kinds of which a chosen option is over.
    expired: frozenset[str]
    facts: Facts

    @property
    def operation(self) -> str:
        """Amazon's name of the call under way; empty for none."""
        return self.call.split(":")[0]

    @property
    def shipment_id(self) -> str:
        """The shipment that the call under way is for; empty for none."""
        return self.call.partition(":")[2]

    def leg(self, shipment_id: str) -> LegFacts:
        """Return one of the shipments."""
        return next(leg for leg in self.legs if leg.shipment_id == shipment_id)

    def item(self, sku: str, units: int) -> ItemInput:
        """Return units of a line as a box holds them."""
        one = next(line.item for line in self.lines if line.item.seller_sku == sku)
        return ItemInput(sku, units, one.label_owner, one.prep_owner, one.expires_on, one.lot_code)


def read(sending_id: int) -> Here | None:
    """Return a sending with all that hangs on it; ``None`` if there is none such."""
    sending = sending_rows.get(sending_id)
    if sending is None:
        return None
    lines = sending_rows.lines_with_asins(sending)
    offers = sending_rows.every_option(sending)
    legs = tuple(_leg(row, offers) for row in sending_rows.shipments(sending))
    places = sending_choices.places(sending)
    told = {
        place: tuple(_box(row) for row in rows)
        for place, rows in sending_rows.boxes(sending).items()
    }
    are_boxes_told = bool(places) and places.keys() <= told.keys()
    return Here(
        **_columns(sending),
        lines=tuple(_line(line, asin) for line, asin in lines),
        packed={place: told[place] for place in places if place in told},
        legs=legs,
        option_ids=_ids(offers),
        today=accounts.today(),
        zone=accounts.timezone(),
        expired=frozenset(one.kind for one in sending_rows.expired(sending)),
        facts=_facts(sending, offers, legs, lines, are_boxes_told=are_boxes_told),
    )


#: Taken over as they are.
_PLAIN = (
    "id", "version", "connection_id", "marketplace_id", "marker", "plan_name", "plan_id", "route",
    "state", "call", "called_at", "operation_id", "looks", "packing_option_id",
    "placement_option_id",
)  # fmt: skip
Offers = dict[str, Any]


def _columns(sending: Sending) -> dict[str, Any]:
    return {
        **{name: getattr(sending, name) for name in _PLAIN},
        "failures": int(sending.call_facts.get("failures", 0)),
        "is_look_asked": bool(sending.call_facts.get("look_asked")),
        "is_over": sending.ended_at is not None,
        "ship_from": from_json(sending.ship_from),
    }


def _facts(
    sending: Sending,
    offers: Offers,
    legs: tuple[LegFacts, ...],
    lines: Sequence[tuple[SendingLine, str]],
    *,
    are_boxes_told: bool,
) -> Facts:
    sizes = [len(one.facts["shipments"]) for one in offers["placement"]]
    return Facts(
        route=sending.route,
        done=frozenset(sending.done),
        legs=tuple(
            Leg(
                leg.shipment_id,
                is_ready_told=leg.ready_on is not None,
                has_carrier=bool(leg.option_id),
                needs_window=leg.needs_window,
                has_window=bool(leg.window_id),
                is_tracked=bool(leg.tracking),
            )
            for leg in legs
        ),
        is_prep_wanted=any(line.is_prep_wanted for line, _ in lines),
        is_packing_chosen=any(one.is_chosen for one in offers["packing"]),
        are_boxes_told=are_boxes_told,
        is_placement_chosen=any(one.is_chosen for one in offers["placement"]),
        is_placement_agreed=sending.placement_agreed_at is not None,
        is_transport_agreed=sending.transport_agreed_at is not None,
        is_cancel_asked=sending.cancel_asked_at is not None,
        refused=sending.refused,
        least_split=min(sizes, default=0) if sending.do_not_split else 0,
    )


def _leg(row: SendingShipment, offers: Offers) -> LegFacts:
    def chosen(kind: str) -> SendingOption | None:
        return next(
            (
                one
                for one in offers[kind]
                if one.is_chosen and one.plan_shipment_id == row.plan_shipment_id
            ),
            None,
        )

    carrier, window = chosen("transport"), chosen("window")
    return LegFacts(
        row.plan_shipment_id,
        row.ready_on,
        dict(row.freight),
        dict(row.tracking),
        carrier.option_id if carrier else "",
        window.option_id if window else "",
        carrier is not None and WINDOW_NEEDED in carrier.facts.get("preconditions", ()),
    )


def _line(line: SendingLine, asin: str) -> LineFacts:
    item = ItemInput(
        line.seller_sku,
        line.units,
        line.label_owner,
        line.prep_owner,
        line.expires_on,
        line.lot_code,
    )
    types = tuple(line.prep_types)
    return LineFacts(
        item, asin, line.units_per_case, line.prep_category, types, line.is_prep_wanted
    )


def _box(row: Any) -> Box:
    return Box(
        row.quantity,
        row.length,
        row.width,
        row.height,
        row.weight,
        dict(row.contents),
        row.length_unit,
        row.weight_unit,
    )


def _ids(offers: Offers) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for kind, rows in offers.items():
        for one in rows:
            found.setdefault((kind, one.plan_shipment_id), set()).add(one.option_id)
    return {key: frozenset(ids) for key, ids in found.items()}
