"""The world as plain data, for tests that compare the app's rows with it."""

from dataclasses import asdict
from typing import Any

from simulator.catalogue import Listing
from simulator.geography import MARKETPLACES
from simulator.plans import PlanView, pick_up, visible_plans
from simulator.shipments import Shipment
from simulator.story import Moment

_ACTS = ("packing_choice", "placement_choice", "window_choice", "transport_choice", "cancelled")


def tell(moment: Moment) -> dict[str, Any]:
    """Return the world of a moment as plain data, under these names and ``made_plans``.

    ``shipments`` and ``plans`` by id, ``listings`` by SKU, ``stock`` by marketplace id and
    SKU, as is ``local_stock``: what of a pool lies in the country. Times are seconds since
    1970, quantities units. Builds the whole world: slow when big.
    """
    world = moment.world
    return {
        "region": world.region.code,
        "marketplace_ids": [MARKETPLACES[country].id for country in world.countries],
        "shipments": {one.id: _shipment(moment, one) for one in moment.shipments},
        "listings": {one.sku: _listing(moment, one) for one in world.listings},
        "stock": {
            MARKETPLACES[country].id: {
                one.sku: asdict(moment.stock(country, one)) for one in moment.stock_rows(country)
            }
            for country in world.countries
        },
        "local_stock": {
            MARKETPLACES[country].id: {
                one.sku: moment.local_units(country, one) for one in moment.stock_rows(country)
            }
            for country in world.countries
        },
        "plans": {id_: _plan(moment, one) for id_, one in visible_plans(moment).items()},
        "made_plans": made_plans(moment),
    }


def made_plans(moment: Moment) -> list[dict[str, Any]]:
    """Return every plan made through the API, oldest first: to count doubles and losses.

    ``units`` is SKU to units asked for, ``shipments`` the FBA ids that came of it, ``acts``
    what has been confirmed so far. Cheap, unlike ``tell``.
    """
    return [
        {
            "id": draft.id,
            "name": draft.known["name"],
            "status": draft.status,
            "created": draft.created,
            "marketplace_id": MARKETPLACES[draft.known["country"]].id,
            "units": {item["msku"]: item["quantity"] for item in draft.known["items"]},
            "shipments": [one.id for one in moment.made.shipments_by_plan[draft.id]],
            "acts": [name for name in _ACTS if name in draft.known],
        }
        for draft in moment.made.drafts.values()
    ]


def _shipment(moment: Moment, shipment: Shipment) -> dict[str, Any]:
    plan = moment.plan(shipment)
    return {
        "id": shipment.id,
        "name": moment.name(shipment),
        "status": shipment.status(moment.hour),
        "marketplace_id": MARKETPLACES[shipment.country].id,
        "country": shipment.country,
        "centre": shipment.centre,
        "centre_country": shipment.centre_country,
        "plan_id": plan.id,
        "mode": plan.mode,
        "is_own_carrier": plan.is_own_carrier,
        "twist": shipment.twist,
        "created": moment.clock(shipment.timeline[0][0]),
        "updated": moment.updated(shipment),
        "lines": [
            {
                "sku": line.sku,
                "fnsku": line.fnsku,
                "asin": line.asin,
                "shipped": shipped,
                "received": received,
            }
            for line, shipped, received in moment.lines(shipment)
        ],
    }


def _plan(moment: Moment, view: PlanView) -> dict[str, Any]:
    return {
        "id": view.plan.id,
        "marketplace_id": MARKETPLACES[view.plan.country].id,
        "status": view.status,
        "mode": view.plan.mode,
        "is_own_carrier": view.plan.is_own_carrier,
        "is_readable": not view.is_global_logistics,
        "shipments": [one.id for one in view.shipments if moment.is_confirmed(one)],
        "pick_up": {one.id: pick_up(moment, one) for one in view.shipments},
    }


def _listing(moment: Moment, listing: Listing) -> dict[str, Any]:
    return {
        "sku": listing.sku,
        "asin": listing.asin,
        "fnsku": listing.fnsku,
        "title": listing.title,
        "channels": list(listing.channels),
        "marketplace_ids": [MARKETPLACES[country].id for country in listing.countries],
        "is_active": moment.is_active(listing),
        "fbm_units": moment.fbm_units(listing),
        "updated": moment.updated_by_index[listing.index],
    }
