"""Warehouses: one per marketplace of a connection, one for its FBM stock, and one's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import or_, select

from amazon.types import Participation as AmazonParticipation
from extensions import db
from inventory.models import Connection, Participation, Warehouse, WarehouseKind
from inventory.rules.marketplaces import MARKETPLACES, Marketplace, in_region
from inventory.services import changes
from inventory.services.upserts import Counts, upsert

ADDRESS_FIELDS = ("contact", "line1", "line2", "city", "state", "postal_code", "phone")


class WarehouseNameTaken(Exception):
    """Another warehouse has this name."""


def fba_name(connection_name: str, country: str) -> str:
    """Return the default name of an FBA warehouse; ``country`` is ISO 3166."""
    return f"{connection_name} FBA {country}"


def fbm_name(connection_name: str) -> str:
    """Return the default name of a connection's FBM warehouse."""
    return f"{connection_name} FBM"


def appear(
    connection: Connection,
    participations: Iterable[AmazonParticipation],
    *,
    run_id: int | None = None,
) -> Counts:
    """Store what Amazon says of the connection's marketplaces, and give each a warehouse.

    All marketplaces of the region get an FBA warehouse, also those the account does not sell
    in (``taking_part`` is false then); shops that are not Amazon's get none. What was
    switched off by hand stays so, nothing is deleted. Flushes; the counts are warehouses.
    """
    shown = {
        one.marketplace_id: one
        for one in participations
        if (known := MARKETPLACES.get(one.marketplace_id)) and known.region == connection.region
    }
    _store(connection.id, shown)
    stored = {one.marketplace_id: one for one in _warehouses_of(connection.id)}
    created = changed = 0
    for marketplace in in_region(connection.region):
        takes_part = marketplace.id in shown and shown[marketplace.id].participating
        warehouse = stored.get(marketplace.id)
        if warehouse is None:
            db.session.add(_fba(connection, marketplace, takes_part))
            created += 1
        elif warehouse.taking_part != takes_part:
            _turn(warehouse, takes_part, run_id)
            changed += 1
    if None not in stored:
        db.session.add(_fbm(connection))
        created += 1
    db.session.flush()
    return Counts(created, changed, len(stored) - changed)


def rename_with(connection: Connection, old_name: str) -> None:
    """Let warehouses that still have their default name follow a renamed connection. Flushes."""
    for warehouse in _warehouses_of(connection.id):
        if warehouse.kind == WarehouseKind.FBM:
            old, new = fbm_name(old_name), fbm_name(connection.name)
        else:
            old, new = (fba_name(name, warehouse.country) for name in (old_name, connection.name))
        if warehouse.name == old:
            warehouse.name = _free_name(new)
    db.session.flush()


def create_own(
    name: str,
    country: str,
    *,
    address: Mapping[str, str] | None = None,
    currency: str = "",
    user_id: int | None = None,
) -> Warehouse:
    """Add a place of the seller's own. ``address`` has ``ADDRESS_FIELDS``. Flushes.

    Raises ``WarehouseNameTaken``.
    """
    name = name.strip()
    if _is_taken(name):
        raise WarehouseNameTaken(name)
    fields: dict[str, Any] = {
        field: value for field, value in (address or {}).items() if field in ADDRESS_FIELDS
    }
    warehouse = Warehouse(
        kind=WarehouseKind.OWN, name=name, country=country, currency=currency, **fields
    )
    db.session.add(warehouse)
    db.session.flush()
    changes.record("warehouse", warehouse.id, "Added the warehouse", name=name, user_id=user_id)
    return warehouse


def of_connection(connection_id: int) -> Sequence[Warehouse]:
    """Return a connection's warehouses: FBA, those taking part first, then FBM."""
    order = {marketplace_id: place for place, marketplace_id in enumerate(MARKETPLACES)}
    return sorted(
        _warehouses_of(connection_id),
        key=lambda one: (
            one.kind != WarehouseKind.FBA,
            not one.taking_part,
            order.get(one.marketplace_id or "", len(order)),
        ),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """An FBA warehouse as jobs need it between transactions. ``country`` is ISO 3166."""

    warehouse_id: int
    marketplace_id: str
    country: str


def in_use(connection_id: int, primary_marketplace: str) -> list[Place]:
    """Return where the account sells and nobody switched the warehouse off; primary first."""
    found = [one for one in of_connection(connection_id) if one.is_enabled and one.marketplace_id]
    found.sort(key=lambda one: one.marketplace_id != primary_marketplace)
    return [Place(one.id, one.marketplace_id or "", one.country) for one in found]


def fbm_id(connection_id: int) -> int | None:
    """Return the id of the connection's FBM warehouse; ``None`` before the first sync."""
    return db.session.scalar(
        select(Warehouse.id).where(
            Warehouse.connection_id == connection_id, Warehouse.kind == WarehouseKind.FBM
        )
    )


def own() -> Sequence[Warehouse]:
    """Return the seller's own warehouses by name, also those that are switched off."""
    return db.session.scalars(
        select(Warehouse).where(Warehouse.kind == WarehouseKind.OWN).order_by(Warehouse.name)
    ).all()


def usable_sources(
    destination: Warehouse | None = None, *, connection_id: int | None = None
) -> Sequence[Warehouse]:
    """Return what may be the source of a transfer to ``destination``, by name.

    Enabled own warehouses, and the FBM warehouse of the destination's connection (of
    ``connection_id`` where there is no destination yet); never the destination itself.
    """
    if destination is not None:
        connection_id = destination.connection_id
    is_usable = Warehouse.kind == WarehouseKind.OWN
    if connection_id is not None:
        is_own_fbm = (Warehouse.kind == WarehouseKind.FBM) & (
            Warehouse.connection_id == connection_id
        )
        is_usable = or_(is_usable, is_own_fbm)
    found = select(Warehouse).where(
        is_usable, Warehouse.disabled_at.is_(None), Warehouse.taking_part.is_(True)
    )
    if destination is not None:
        found = found.where(Warehouse.id != destination.id)
    return db.session.scalars(found.order_by(Warehouse.name)).all()


def _store(connection_id: int, shown: Mapping[str, AmazonParticipation]) -> None:
    rows = {
        marketplace_id: {
            "connection_id": connection_id,
            "marketplace_id": marketplace_id,
            "participating": one.participating,
            "suspended": one.suspended,
            "store_name": one.store_name[:255],
        }
        for marketplace_id, one in shown.items()
    }
    gone = select(Participation).where(
        Participation.connection_id == connection_id, Participation.participating.is_(True)
    )
    for one in db.session.scalars(gone):
        if one.marketplace_id not in shown:
            one.participating = False
    db.session.flush()
    upsert(Participation, rows.values(), key=("connection_id", "marketplace_id"))


def _warehouses_of(connection_id: int) -> Sequence[Warehouse]:
    return db.session.scalars(
        select(Warehouse).where(Warehouse.connection_id == connection_id).order_by(Warehouse.id)
    ).all()


def _fba(connection: Connection, marketplace: Marketplace, takes_part: bool) -> Warehouse:
    return Warehouse(
        kind=WarehouseKind.FBA,
        connection_id=connection.id,
        marketplace_id=marketplace.id,
        name=_free_name(fba_name(connection.name, marketplace.country)),
        country=marketplace.country,
        currency=marketplace.currency,
        taking_part=takes_part,
    )


def _fbm(connection: Connection) -> Warehouse:
    home = MARKETPLACES.get(connection.primary_marketplace_id)
    return Warehouse(
        kind=WarehouseKind.FBM,
        connection_id=connection.id,
        name=_free_name(fbm_name(connection.name)),
        currency=home.currency if home else "",
    )


def _turn(warehouse: Warehouse, takes_part: bool, run_id: int | None) -> None:
    verb = "sells here now" if takes_part else "no longer sells here"
    changes.record(
        "warehouse",
        warehouse.id,
        f"Amazon says the account {verb}",
        name=warehouse.name,
        fields={"taking_part": [warehouse.taking_part, takes_part]},
        cause="amazon",
        run_id=run_id,
    )
    warehouse.taking_part = takes_part


def _is_taken(name: str) -> bool:
    with db.session.no_autoflush:
        return db.session.scalar(select(Warehouse.id).where(Warehouse.name == name)) is not None


def _free_name(name: str) -> str:
    """Return ``name``, numbered where a warehouse, made by hand, has it already."""
    numbered = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(free for free in numbered if not _is_taken(free))
