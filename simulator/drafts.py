"""Plans made through the API, as the journal keeps them: one JSON document each.

A document has ``name``, ``country``, ``source`` (address), ``items`` and ``status``; later
``packing``, ``packing_choice``, ``boxes``, ``placement``, ``placement_choice``, ``transport``,
``windows``, ``window_choice``, ``transport_choice``, ``tracking``; and stamps (clock time and
story hour) of what moves the shipments: ``placed``, ``labelled``, ``sent_off``, ``tracked``,
``cancelled``, ``edits``.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import dice
from simulator.journal import Journal

#: A change whose value is this becomes a stamp of the moment in which it comes true.
NOW = "@now"


@dataclass(frozen=True)
class Draft:
    """One plan made through the API: its number, its id, and what is known of it."""

    number: int
    region: str
    id: str
    created: float
    known: dict[str, Any]

    @property
    def status(self) -> str:
        """What the plan's own status is: ACTIVE, VOIDED or ERRORED."""
        return str(self.known["status"])

    @property
    def is_ready(self) -> bool:
        """Whether its creation has succeeded, so that it can be worked on."""
        return bool(self.known.get("ready")) and self.status == "ACTIVE"

    @property
    def placement_options(self) -> list[dict[str, Any]]:
        """The placement options that were generated last."""
        return list(self.known.get("placement", {}).get("options", ()))

    @property
    def accepted(self) -> dict[str, Any] | None:
        """The placement option that was confirmed."""
        wanted = self.known.get("placement_choice")
        return next((one for one in self.placement_options if one["id"] == wanted), None)

    @property
    def shipments(self) -> list[dict[str, Any]]:
        """The shipments: those of the accepted option, before that all that are offered."""
        chosen = self.accepted
        options = [chosen] if chosen else self.placement_options
        return [shipment for option in options for shipment in option["shipments"]]

    def shipment(self, shipment_id: str) -> dict[str, Any] | None:
        """Return one of its shipments by the 2024 API's id."""
        return next((one for one in self.shipments if one["id"] == shipment_id), None)

    def under(self, name: str, key: str) -> Any:
        """Return what is known under ``name`` of one shipment or group; ``None`` if nothing."""
        return self.known.get(name, {}).get(key)


def create(
    db: sqlite3.Connection, seed: int, region: str, created: float, known: dict[str, Any]
) -> Draft:
    """Write down a new plan. Must be inside a transaction."""
    made = db.execute(
        "INSERT INTO draft (region, plan, created, known, revision) VALUES (?, '', ?, ?, "
        "(SELECT COALESCE(MAX(revision), 0) + 1 FROM draft))",
        (region, created, json.dumps(known)),
    )
    number = int(made.lastrowid or 0)
    plan_id = dice.long_id("wf", seed, region, "made", number)
    db.execute("UPDATE draft SET plan = ? WHERE id = ?", (plan_id, number))
    return Draft(number, region, plan_id, created, known)


def find(db: sqlite3.Connection, region: str, plan_id: str) -> Draft | None:
    """Return a plan as it is within the transaction."""
    row = db.execute(
        "SELECT id, region, plan, created, known FROM draft WHERE region = ? AND plan = ?",
        (region, plan_id),
    ).fetchone()
    return None if row is None else _draft(row)


def change(
    db: sqlite3.Connection, draft: Draft, changes: Mapping[str, Any], stamp: Mapping[str, Any]
) -> None:
    """Store changes; a name like ``boxes/pg1`` reaches into an object, ``NOW`` is ``stamp``."""
    for path, value in changes.items():
        *parents, name = path.split("/")
        target = draft.known
        for parent in parents:
            target = target.setdefault(parent, {})
        target[name] = dict(stamp) if value == NOW else value
    db.execute(
        "UPDATE draft SET known = ?, "
        "revision = (SELECT COALESCE(MAX(revision), 0) + 1 FROM draft) WHERE id = ?",
        (json.dumps(draft.known), draft.number),
    )


def revision(journal: Journal) -> int:
    """Return a number that grows with every change of any plan."""
    return int(journal.rows("SELECT COALESCE(MAX(revision), 0) FROM draft")[0][0])


def changed(journal: Journal, region: str, since: int) -> list[Draft]:
    """Return the plans of a region that changed after a revision, oldest first."""
    query = (
        "SELECT id, region, plan, created, known FROM draft"
        " WHERE region = ? AND revision > ? ORDER BY id"
    )
    return [_draft(row) for row in journal.rows(query, region, since)]


def _draft(row: Any) -> Draft:
    return Draft(row[0], row[1], row[2], row[3], json.loads(row[4]))
