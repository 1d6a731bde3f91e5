"""Whatever is sent to a settings form, it is saved whole or refused with sentences.

Per form 50 submissions; 2,000 with SOAK=1.
"""

import os
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from extensions import db
from inventory.models import CentrePlace, Change, Connection, Warehouse, WarehouseKind
from tests.factories import LONG_AGO, make_connection, make_shipment, make_warehouse

pytestmark = pytest.mark.soak
EXAMPLES = 2000 if os.environ.get("SOAK") == "1" else 50
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
COMMON = [
    "", "0", "14", "365", "366", "-1", "1.5", "1e3", "+7", " 14 ", "１４", "١٤", "²", "9" * 5000,
    "soon", "auto", "purchase", "transfer", "fulfillable", "fc_transfer", "y", "off", "null",
    "'; drop table connection; --", "<b>x</b>", "\x00", "a\nb", "\ud7ff", "A2EUQ1WTGCTBG2",
    "A1PA6795UKMFR9", "ATVPDKIKX0DER", "NL", "de", "Taken", "x" * 400,
]  # fmt: skip
NAMES = [
    "version", "primary_marketplace_id", "sync_fees", "pickup_delay_days", "order_type",
    "default_source_id", "import_early", "name", "enabled", "lead_time_days", "days_of_stock",
    "stock_basis", "sync_inbound", "country", "contact", "line1", "city", "postal_code", "phone",
    "reset", "convert", "submission", "centre_ONT8", "centre_X", "id", "seller_id",
]  # fmt: skip
#: Of the ids in a test's world: sources that may be chosen, and those that may not.
PLACES = ["{own}", "{disabled}", "{fbm}", "{other}", "{fba}", "{combined}", "{itself}", "{none}"]
VALUE = st.one_of(st.sampled_from(COMMON + PLACES), st.text(max_size=40))
SOME = st.lists(st.tuples(st.sampled_from(NAMES), VALUE), max_size=14)
#: What a form sends untouched: a few fields replaced in it are saved more often than not.
WHOLE = {
    "primary_marketplace_id": "ATVPDKIKX0DER",
    "order_type": "",
    "name": "Mine",
    "country": "NL",
    "enabled": "y",
    "sync_inbound": "y",
}
FEW = st.lists(st.tuples(st.sampled_from(NAMES[1:]), VALUE), max_size=4)
FIELDS = st.one_of(SOME, FEW.map(lambda few: [*{**WHOLE, **dict(few)}.items()]))


class Place:
    """A connection, its warehouses, and others that its forms may not name."""

    def __init__(self) -> None:
        self.connection = make_connection()
        other = make_connection()
        fba = {"connection_id": self.connection.id}
        self.fba = make_warehouse(**fba)
        self.own = make_warehouse(kind=WarehouseKind.OWN, name="Taken")
        rows = {
            "own": self.own,
            "disabled": make_warehouse(kind=WarehouseKind.OWN, disabled_at=LONG_AGO),
            "fbm": make_warehouse(kind=WarehouseKind.FBM, marketplace_id=None, **fba),
            "other": make_warehouse(
                kind=WarehouseKind.FBM, marketplace_id=None, connection_id=other.id
            ),
            "fba": make_warehouse(connection_id=other.id),
            "combined": make_warehouse(kind=WarehouseKind.COMBINED),
            "itself": self.fba,
        }
        self.ids = {name: str(row.id) for name, row in rows.items()} | {"none": "999999"}
        make_shipment(warehouse_id=self.fba.id, connection_id=self.connection.id)

    def sent(self, fields: list[tuple[str, str]]) -> MultiDict[str, str]:
        named = {f"{{{name}}}": value for name, value in self.ids.items()}
        return MultiDict([(name, named.get(value, value)) for name, value in fields])


@pytest.fixture
def place(client: FlaskClient) -> Place:
    return Place()


@QUIET
@given(FIELDS)
def test_a_connection_s_form(client: FlaskClient, place: Place, fields: Any) -> None:
    send(client, f"/settings/connections/{place.connection.id}", place.sent(fields))
    sound(place)


@QUIET
@given(FIELDS)
def test_an_fba_warehouse_s_form(client: FlaskClient, place: Place, fields: Any) -> None:
    send(client, f"/settings/warehouses/{place.fba.id}", place.sent(fields))
    sound(place)


@QUIET
@given(FIELDS)
def test_an_own_warehouse_s_form(client: FlaskClient, place: Place, fields: Any) -> None:
    send(client, f"/settings/warehouses/{place.own.id}", place.sent(fields))
    sound(place)


@QUIET
@given(FIELDS)
def test_the_form_of_the_centres(client: FlaskClient, place: Place, fields: Any) -> None:
    send(client, f"/settings/connections/{place.connection.id}/centres", place.sent(fields))
    sound(place)


def send(client: FlaskClient, address: str, sent: MultiDict[str, str]) -> None:
    """Ask what saving would do, then save; a refusal changes nothing and says why."""
    before = state()
    asked = client.get(f"{address}/consequences", query_string=sent, headers={"HX-Request": "true"})
    assert asked.status_code == 200, asked.text
    assert state() == before
    answer = client.post(address, data=sent)
    after = state()
    assert answer.status_code in (200, 303, 409, 422), answer.text
    if answer.status_code != 303:
        assert after == before
    if answer.status_code == 422:
        assert 'class="error"' in answer.text
        assert 'aria-invalid="true"' in answer.text
    changed = before["rows"] != after["rows"]
    assert (after["entries"] > before["entries"]) == changed


def state() -> dict[str, Any]:
    """Every setting, and how many entries the log has."""
    columns = [
        [getattr(row, column.key) for column in model.__table__.columns if column.key != "version"]
        for model in (Connection, Warehouse, CentrePlace)
        for row in db.session.scalars(select(model).order_by(*model.__table__.primary_key))
    ]
    mine = Change.subject_kind.in_(("connection", "warehouse"))
    entries = db.session.scalar(select(func.count()).select_from(Change).where(mine))
    db.session.rollback()
    return {"rows": columns, "entries": entries}


def sound(place: Place) -> None:
    """What is stored keeps to the limits, whatever was sent."""
    rows: list[Any] = [place.connection, place.fba, place.own]
    for row in rows:
        for name in ("pickup_delay_days", "lead_time_days", "days_of_stock"):
            days = getattr(row, name, None)
            assert days is None or 0 <= days <= 365
        assert row.default_source_id in (None, place.own.id, int(place.ids["fbm"]))
    assert place.connection.primary_marketplace_id in {"ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"} | {
        "A1AM78C64UM0Y8",
        "A2Q3Y263D00KWC",
    }
