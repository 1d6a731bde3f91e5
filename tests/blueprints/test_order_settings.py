"""/settings/purchase-orders"""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from extensions import db
from inventory.models import (
    Account,
    Change,
    OrderStatus,
    Role,
    Shipment,
    StatusType,
    StockOrder,
    Warehouse,
)
from inventory.services import account_settings, accounts, order_settings
from tests.factories import (
    link,
    make_connection,
    make_order,
    make_order_line,
    make_shipment,
    make_shipment_line,
    make_warehouse,
    saved,
)

PAGE = "/settings/purchase-orders"
PREVIEW = f"{PAGE}/consequences"
HTMX = {"HX-Request": "true"}


def account() -> Account:
    return db.session.get_one(Account, 1)


def fields(**changed: str) -> dict[str, str]:
    """What the form sends untouched; switches are off."""
    row = account()
    number = str(row.next_reference)
    shown = {"version": order_settings.version(row), "next_reference": number, "next_seen": number}
    for name in ("purchase_prefix", "transfer_prefix", "default_status", "ignore_after_days"):
        shown[name] = str(getattr(row, name))
    lead_time = "" if row.lead_time_days is None else str(row.lead_time_days)
    return {**shown, "lead_time_days": lead_time, **changed}


def make_late(days: int, units: int = 10, **of_shipment: object) -> tuple[StockOrder, Shipment]:
    """An open shipment with its order, expected so many days ago."""
    connection = make_connection()
    place = make_warehouse(connection=connection)
    expected = {"expected_on": accounts.today() - timedelta(days=days)}
    totals = {"units_outstanding": units, "line_count": 1}
    shipment = make_shipment(
        connection_id=connection.id,
        warehouse_id=place.id,
        units_shipped=units,
        **{**expected, "expected_source": "first_seen", **totals, **of_shipment},
    )
    line = make_shipment_line(shipment, units_shipped=units)
    order = make_order(destination_id=place.id, units_ordered=units, **expected, **totals)
    make_order_line(order, listing_id=line.listing_id, units_ordered=units, units_outstanding=units)
    link(order, shipment)
    return order, shipment


@pytest.mark.parametrize(
    "label",
    [
        "Next reference number",
        "Prefix of purchase orders",
        "Prefix of transfer orders",
        "Default status",
        "Default lead time",
        "Show &#39;Save purchase order/transfer to connection&#39; automatically",
        "Automatically ignore unreceived FBA shipments",
        "Days past the expected date",
    ],
)
def test_has_the_labels_of_the_contract(client: FlaskClient, label: str) -> None:
    page = client.get(PAGE).text

    assert re.search(rf'<label[^>]*for="\w+"[^>]*>{re.escape(label)}</label>', page)


def test_says_what_is_in_force_and_who_said_so(client: FlaskClient) -> None:
    account().ignore_after_days = 45
    db.session.commit()

    page = client.get(PAGE).text

    assert "In force: <b>14 days</b>, built-in default" in page
    assert "In force: <b>45 days</b>, set here" in page
    assert "In force: <b>Open</b>, built-in default" in page


def test_saves_all_as_one_entry_of_the_log(client: FlaskClient) -> None:
    sent = fields(
        next_reference="1044",
        purchase_prefix="P/",
        transfer_prefix="",
        default_status="Draft",
        lead_time_days="0",
        open_send="y",
        ignore_stale="y",
        ignore_after_days="0",
    )

    answer = client.post(PAGE, data=sent)

    assert answer.status_code == 303
    row = account()
    assert (row.next_reference, row.purchase_prefix, row.transfer_prefix) == (1044, "P/", "")
    assert (row.default_status, row.lead_time_days) == ("Draft", 0)
    assert (row.open_send, row.ignore_stale, row.ignore_after_days) == (True, True, 0)
    (entry,) = db.session.scalars(db.select(Change)).all()
    assert entry.fields["lead_time_days"] == [None, 0]
    assert entry.fields["ignore_stale"] == [False, True]
    page = client.get(PAGE).text
    assert "Days past the expected date: 30 → <b>0</b>" in page


def test_a_blank_lead_time_inherits_again(client: FlaskClient) -> None:
    account().lead_time_days = 30
    db.session.commit()

    client.post(PAGE, data=fields(lead_time_days=""))

    assert account().lead_time_days is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"next_reference": "0"}, "Enter a whole number, from 1 to 999,999,999."),
        ({"next_reference": ""}, "Enter a whole number, from 1 to 999,999,999."),
        ({"next_reference": "-3"}, "Enter a whole number, from 1 to 999,999,999."),
        ({"next_reference": "9" * 30}, "Enter a whole number, from 1 to 999,999,999."),
        ({"next_reference": "١٢"}, "Enter a whole number, from 1 to 999,999,999."),
        ({"next_reference": "  "}, "Enter a whole number, from 1 to 999,999,999."),
        ({"ignore_after_days": "  "}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": ""}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": "-1"}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": "366"}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": "1.5"}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": "1e2"}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": "٣٠"}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": "a month"}, "Enter whole days, from 0 to 365."),
        ({"ignore_after_days": "9" * 400}, "Enter whole days, from 0 to 365."),
        ({"lead_time_days": "1,5"}, "Enter whole days, from 0 to 365."),
        ({"lead_time_days": "+7"}, "Enter whole days, from 0 to 365."),
        ({"purchase_prefix": "x" * 21}, "At most 20 characters."),
        ({"purchase_prefix": "<b>"}, "Use letters, digits, spaces"),
        ({"transfer_prefix": "a\tb"}, "Use letters, digits, spaces"),
        ({"default_status": "Closed"}, "Not a valid choice"),
        ({"default_status": "Nonsense"}, "Not a valid choice"),
    ],
)
def test_refuses_what_cannot_be_and_keeps_what_was_typed(
    client: FlaskClient, changed: dict[str, str], why: str
) -> None:
    sent = fields(ignore_stale="y", **{"lead_time_days": "21", **changed})

    answer = client.post(PAGE, data=sent)

    assert answer.status_code == 422
    assert why in answer.text
    kept = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]*?value="([^"]*)"', answer.text))
    if "default_status" not in changed:
        ((name, text),) = changed.items()
        assert kept[name] == text.replace("<", "&lt;").replace(">", "&gt;")
    assert (account().ignore_stale, account().lead_time_days) == (False, None)


def test_missing_and_repeated_fields_are_no_error_of_ours(client: FlaskClient) -> None:
    assert client.post(PAGE, data={}).status_code == 303
    assert db.session.scalars(db.select(Change)).all() == []
    twice = {"ignore_after_days": ["5", "6"], "lead_time_days": ["x", "1"]}
    assert client.post(PAGE, data=fields() | twice).status_code == 422


@pytest.mark.parametrize("reference", ["PO-1044", "TO-1044"])
def test_refuses_a_number_that_an_order_has(client: FlaskClient, reference: str) -> None:
    make_order(reference=reference)

    answer = client.post(PAGE, data=fields(next_reference="1044"))

    assert answer.status_code == 422
    assert f"There is an order {reference} already. Choose a higher number." in answer.text
    assert account().next_reference == 1


def test_orders_made_meanwhile_do_not_turn_the_counter_back(client: FlaskClient) -> None:
    sent = fields(lead_time_days="7")
    db.session.execute(db.update(Account).values(next_reference=9))
    db.session.commit()

    client.post(PAGE, data=sent)

    assert (account().next_reference, account().lead_time_days) == (9, 7)


def test_ignoring_begins_at_once(client: FlaskClient) -> None:
    order, shipment = make_late(40)
    make_late(20)

    client.post(PAGE, data=fields(ignore_stale="y"))
    page = client.get(PAGE).text

    assert shipment.ignored_on == accounts.today()
    assert order.units_ignored == 10
    assert "Now ignored: 1 shipment." in page
    client.post(PAGE, data=fields())
    assert (shipment.ignored_on, order.units_ignored) == (None, 0)
    assert "Counted again: 1 shipment." in client.get(PAGE).text


def test_a_lead_time_moves_dates_of_every_connection(client: FlaskClient) -> None:
    pairs = [make_late(0, first_seen_on=date(2026, 11, 1)) for _ in range(2)]

    client.post(PAGE, data=fields(lead_time_days="20"))

    for order, shipment in pairs:
        assert shipment.expected_on == order.expected_on == date(2026, 11, 21)
    assert "Expected dates moved: 2 open shipments." in client.get(PAGE).text


def seen(client: FlaskClient, **changed: str) -> str:
    answer = client.get(PREVIEW, query_string=fields(**changed), headers=HTMX)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", "", answer.text).split())


def test_the_consequences_are_what_then_happens(client: FlaskClient) -> None:
    for days in (2, 20, 40, 60):
        make_late(days, units=1240)

    told = seen(client, ignore_stale="y", ignore_after_days="30")
    client.post(PAGE, data=fields(ignore_stale="y", ignore_after_days="30"))

    ignored = db.session.scalars(db.select(Shipment).where(Shipment.ignored_on.is_not(None))).all()
    assert "2 shipments (2,480 units) would be ignored." in told
    assert len(ignored) == 2
    assert "1 shipment (1,240 units) would count again." in seen(
        client, ignore_stale="y", ignore_after_days="50"
    )


def test_a_lead_time_tells_the_dates_it_moves_and_what_that_ignores(client: FlaskClient) -> None:
    today = accounts.today()
    make_late(40, first_seen_on=today - timedelta(days=54))
    account().ignore_stale = True
    account().ignore_after_days = 45
    db.session.commit()

    told = seen(client, ignore_stale="y", ignore_after_days="45", lead_time_days="5")

    assert "1 shipment (10 units) would be ignored." in told
    assert "1 order moves 9 days earlier." in told


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"next_reference": "1044"}, "The next purchase order would be PO-1044, a transfer order"),
        ({"default_status": "Draft"}, "New orders begin as Draft. A draft is not counted"),
        ({"open_send": "y"}, "Saving an order to an FBA warehouse opens Send to Amazon."),
        ({}, "Nothing is changed yet."),
        ({"lead_time_days": "x"}, "Not counted, because it cannot be saved so: Default lead time."),
        ({"version": "99"}, "Somebody saved this meanwhile"),
    ],
)
def test_the_aside_says(client: FlaskClient, changed: dict[str, str], sentence: str) -> None:
    assert sentence in seen(client, **changed)


def test_the_rows_behind_a_figure_are_listed(client: FlaskClient) -> None:
    _, shipment = make_late(40)
    place = db.session.get_one(Warehouse, shipment.warehouse_id)
    sent = fields(ignore_stale="y")

    page = client.get(f"{PREVIEW}/ignored", query_string=sent).text

    assert f'href="/shipments/{shipment.id}">{shipment.amazon_shipment_id}</a>' in page
    assert place.name in page
    assert client.get(f"{PREVIEW}/counted", query_string=sent).status_code == 200
    assert client.get(f"{PREVIEW}/dates", query_string=sent).status_code == 200
    assert client.get(f"{PREVIEW}/nonsense", query_string=sent).status_code == 404


def test_without_script_the_page_shows_the_same(client: FlaskClient) -> None:
    make_late(40)

    answer = client.post(PREVIEW, data=fields(ignore_stale="y"), follow_redirects=True)

    assert "would be ignored" in answer.text
    assert account().ignore_stale is False


def test_a_stale_form_is_refused_and_shows_both_versions(client: FlaskClient) -> None:
    old = fields(lead_time_days="30")
    client.post(PAGE, data=fields(lead_time_days="9"))

    answer = client.post(PAGE, data=old)

    assert answer.status_code == 409
    assert re.search(r"<td>9</td>\s*<td>30</td>", answer.text)
    assert account().lead_time_days == 9


def test_the_account_page_makes_no_form_of_these_settings_stale(client: FlaskClient) -> None:
    open_here = fields(lead_time_days="30")
    elsewhere = {"version": account_settings.version(account())}
    zone = {"timezone": "Asia/Tokyo", "currency": "JPY"}

    answers = [
        client.post("/settings/account", data=zone).status_code,
        client.post(PAGE, data=open_here).status_code,
        client.post("/settings/account", data=zone | elsewhere).status_code,
    ]

    assert answers == [303, 303, 409]  # the last one was opened before the first


def test_a_form_sent_twice_is_saved_once(client: FlaskClient) -> None:
    sent = fields(lead_time_days="9", submission="one")

    answers = [client.post(PAGE, data=sent).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(db.session.scalars(db.select(Change)).all()) == 1


def entry_ids() -> list[int]:
    return list(db.session.scalars(db.select(Change.id).order_by(Change.id)))


def test_the_list_behind_a_figure_of_putting_back_shows_its_rows(client: FlaskClient) -> None:
    _order, shipment = make_late(40)
    client.post(PAGE, data=fields(ignore_stale="y"))
    client.post(PAGE, data=fields())  # counts it again
    entry_id = max(map(int, re.findall(r"history/(\d+)", client.get(PAGE).text)))

    back = client.get(f"{PAGE}/history/{entry_id}").text
    link = re.search(r'href="([^"]*/consequences/[^"]*)"', back)

    assert link is not None
    assert shipment.amazon_shipment_id in client.get(html.unescape(link[1])).text


def test_settings_are_put_back_after_showing_what_that_does(client: FlaskClient) -> None:
    make_late(40)
    client.post(PAGE, data=fields(ignore_stale="y", lead_time_days="60"))
    entry_id = db.session.scalars(
        db.select(Change.id).where(Change.subject_kind == "order_settings")
    ).one()
    client.post(PAGE, data=fields(ignore_stale="y", lead_time_days="70", ignore_after_days="9"))

    page = client.get(f"{PAGE}/history/{entry_id}").text
    answer = client.post(f"{PAGE}/history/{entry_id}", data={"version": fields()["version"]})

    assert re.search(r"Default lead time</th>\s*<td>70</td>\s*<td>inherited</td>", page)
    assert "What saving will do" in page
    assert answer.status_code == 303
    row = account()
    assert (row.lead_time_days, row.ignore_stale, row.ignore_after_days) == (None, False, 30)
    newest = db.session.scalars(
        db.select(Change).where(Change.subject_kind == "order_settings").order_by(Change.id.desc())
    ).first()
    assert newest is not None
    assert (newest.summary, newest.undoes_id) == ("Put back as it was", entry_id)


def test_a_stale_restoration_and_one_of_something_else_are_refused(client: FlaskClient) -> None:
    client.post(PAGE, data=fields(lead_time_days="60"))
    client.post(f"{PAGE}/statuses", data={"name": "Quoted", "type": "draft"})
    of_settings, of_status = entry_ids()

    stale = client.post(f"{PAGE}/history/{of_settings}", data={"version": "1"})

    assert stale.status_code == 409
    assert account().lead_time_days == 60
    assert client.get(f"{PAGE}/history/{of_status}").status_code == 404
    assert client.get(f"{PAGE}/history/999").status_code == 404


def test_reset_to_inherited_blanks_the_field_and_saves_nothing(client: FlaskClient) -> None:
    client.post(PAGE, data=fields(lead_time_days="60"))

    page = client.post(PAGE, data=fields(lead_time_days="61", reset="lead_time_days")).text

    assert re.search(r'name="lead_time_days"[^>]*value=""', page)
    assert account().lead_time_days == 60


def test_viewers_read_and_planners_save(sign_in: Callable[..., FlaskClient]) -> None:
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    page = viewer.get(PAGE).text

    assert "Only a planner or an owner changes these settings." in page
    assert viewer.post(PAGE, data=fields()).status_code == 403
    assert viewer.get(PREVIEW).status_code == 403
    assert planner.post(PAGE, data=fields(lead_time_days="3")).status_code == 303


def test_own_statuses_are_kept_with_their_orders(client: FlaskClient) -> None:
    client.post(f"{PAGE}/statuses", data={"name": "At the printer", "type": "active"})
    row = db.session.scalars(db.select(OrderStatus)).one()
    order = make_order(status="At the printer", origin="local")

    client.post(f"{PAGE}/statuses/{row.id}", data={"name": "In production"})
    kind = row.type
    kept = client.post(f"{PAGE}/statuses/{row.id}/removal", follow_redirects=True).text
    order.status = "Open"
    db.session.commit()
    client.post(f"{PAGE}/statuses/{row.id}/removal")

    assert (kind, "1 order is In production. It is kept." in kept) == (StatusType.ACTIVE, True)
    assert db.session.scalars(db.select(OrderStatus)).all() == []
    summaries = [one.summary for one in db.session.scalars(db.select(Change).order_by(Change.id))]
    assert summaries == [
        "Status At the printer added",
        "Status In production changed",
        "Status In production deleted",
    ]


def test_renaming_takes_orders_and_the_default_along(client: FlaskClient) -> None:
    row = saved(OrderStatus(name="Quoted", type=StatusType.DRAFT))
    order = make_order(status="Quoted", status_type=StatusType.DRAFT, origin="local")
    client.post(PAGE, data=fields(default_status="Quoted"))

    client.post(f"{PAGE}/statuses/{row.id}", data={"name": "Asked"})

    assert (row.name, row.type, order.status) == ("Asked", StatusType.DRAFT, "Asked")
    assert account().default_status == "Asked"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "Give the status a name."),
        ("   ", "Give the status a name."),
        ("x" * 65, "At most 64 characters."),
        ("a\x07b", "Use printable characters alone."),
        ("open", "open is a status of Stockbridge’s own."),
        ("Shipped", "Shipped is a status of Stockbridge’s own."),
        ("QUOTED", "Another status has this name."),
    ],
)
def test_refuses_names_that_cannot_be(client: FlaskClient, name: str, why: str) -> None:
    row = saved(OrderStatus(name="Quoted", type=StatusType.DRAFT))
    other = saved(OrderStatus(name="Other", type=StatusType.DRAFT))

    added = client.post(f"{PAGE}/statuses", data={"name": name, "type": "active"})
    renamed = client.post(f"{PAGE}/statuses/{other.id}", data={"name": name})

    assert (added.status_code, renamed.status_code) == (422, 422)
    assert why in added.text
    assert why in renamed.text
    assert (row.name, other.name) == ("Quoted", "Other")


def test_the_type_of_a_status_in_use_stays(client: FlaskClient) -> None:
    row = saved(OrderStatus(name="Quoted", type=StatusType.DRAFT))
    make_order(status="Quoted", status_type=StatusType.DRAFT, origin="local")

    answer = client.post(f"{PAGE}/statuses/{row.id}", data={"name": "Quoted", "type": "active"})

    assert answer.status_code == 422
    assert "give them another status before changing its type" in answer.text
    assert row.type == StatusType.DRAFT


def test_the_default_status_is_not_deleted(client: FlaskClient) -> None:
    row = saved(OrderStatus(name="Quoted", type=StatusType.DRAFT))
    client.post(PAGE, data=fields(default_status="Quoted"))

    page = client.post(f"{PAGE}/statuses/{row.id}/removal", follow_redirects=True).text

    assert "New orders begin as Quoted. Choose another default first." in page
    assert db.session.scalars(db.select(OrderStatus)).all() == [row]
