"""sync_shipments against the simulated Amazon."""

import sqlalchemy as sa

from extensions import db
from inventory.models import Shipment, ShipmentLine
from tests.story import Story, Writes


def stored() -> dict[str, Shipment]:
    return {row.amazon_shipment_id: row for row in db.session.scalars(sa.select(Shipment))}


def lines(shipment: Shipment) -> dict[str, tuple[int, int]]:
    found = sa.select(ShipmentLine).where(
        ShipmentLine.shipment_id == shipment.id, ShipmentLine.is_gone.is_(False)
    )
    return {
        line.seller_sku: (line.units_shipped, line.units_received)
        for line in db.session.scalars(found)
    }


def assert_true(story: Story) -> None:
    rows = stored()
    truth = story.truth["shipments"]
    assert set(rows) >= set(truth)
    for amazon_id, fact in truth.items():
        row = rows[amazon_id]
        assert row.amazon_status == (fact["status"] or ""), amazon_id
        assert row.name == fact["name"]
        assert row.destination_fc == fact["centre"]
        said = {line["sku"]: (line["shipped"], line["received"]) for line in fact["lines"]}
        assert lines(row) == said, (amazon_id, fact["twist"])


def test_every_shipment_is_as_amazon_says_to_the_unit(story: Story) -> None:
    run = story.sync()

    assert len(story.truth["shipments"]) == 80
    assert_true(story)
    print(run.calls_by_operation, run.created, run.changed, run.unchanged)
    run = story.sync()
    print(run.calls_by_operation, run.created, run.changed, run.unchanged)
    with Writes() as writes:
        run = story.sync()
    assert writes.seen == []
