"""Send to Amazon: the button, the plan's form, every decision up to the labels, and refusals."""

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Account, Role, SendingState
from inventory.services import accounts, leases, sending_papers, sendings
from tests.factories import make_order, make_order_line, make_vendor, make_warehouse
from tests.sending import Trip
from tests.sending_pages import PLAN, boxes, carried, packed, page_of, planned, send


def test_parcels_of_amazon_s_partner_go_from_the_button_to_the_labels(
    trip: Trip, client: FlaskClient
) -> None:
    order = client.get(f"/purchase-orders/{trip.order_id}").text
    assert f'href="{page_of(trip)}"' in order
    assert '<dialog id="send" aria-labelledby="send-h"' in order

    confirming = carried(trip, client)
    assert "What becomes binding" in confirming
    assert "Total" in confirming
    done = send(trip, client, "confirmation")

    assert "The shipments are at Amazon." in done
    assert "free of charge until" in done
    (row,) = sendings.shipments(trip.sending)
    labels = f"/sendings/{trip.sending.id}/shipments/{row.id}/labels"
    file = client.post(labels, data={"paper": "thermal"})
    assert file.data.startswith(b"%PDF")
    assert f'{row.amazon_shipment_id}-boxes.pdf"' in file.headers["Content-Disposition"]
    items = client.post(f"/sendings/{trip.sending.id}/item-labels/1")
    assert items.data.startswith(b"%PDF")
    assert client.post(f"/sendings/{trip.sending.id}/item-labels/2").status_code == 404
    assert len(trip.plans) == 1


def test_an_own_carrier_gets_a_window_and_tracking_numbers(trip: Trip, client: FlaskClient) -> None:
    carried(trip, client, "USE_YOUR_OWN_CARRIER")
    asking = send(trip, client, "confirmation")
    assert "Delivery windows" in asking
    (row,) = sendings.shipments(trip.sending)
    window = sendings.options(trip.sending, "window", row.plan_shipment_id)[0]

    done = send(trip, client, "windows", **{f"window:{row.plan_shipment_id}": window.option_id})
    assert "Tracking numbers" in done
    (row,) = sendings.shipments(trip.sending)
    head = f"number:{row.plan_shipment_id}"
    numbers = {f"{head}:{box}": f"1Z{n}" for n, box in enumerate(row.box_ids)}
    told = send(trip, client, "tracking", **numbers)

    assert f"Amazon has been told {len(row.box_ids)} numbers." in told


def test_freight_is_placed_first_and_packed_later(trip: Trip, client: FlaskClient) -> None:
    trip.route = "freight"
    placing = planned(trip, client, route="freight")
    assert placing.index("Placement") < placing.index("Packing")
    option = next(
        one
        for one in sendings.options(trip.sending, "placement")
        if len(one.facts["shipments"]) == 1
    )
    confirming = send(trip, client, "placement", option=option.option_id)
    assert "Confirm placement" in confirming

    packing = send(trip, client, "confirmation")
    assert "Say what is in the boxes." in packing
    send(trip, client, "boxes", **boxes(trip))
    (row,) = sendings.shipments(trip.sending)
    pallets = {
        "ready": accounts.today().isoformat(), "quantity": "2", "length": "48", "width": "40",
        "height": "60", "weight": "400", "freight_class": "FC_70", "declared_value": "900",
        "currency": "USD",
    }  # fmt: skip
    asked = {f"{name}:{row.plan_shipment_id}": value for name, value in pallets.items()}
    carriers = send(trip, client, "ready", length_unit="IN", weight_unit="LB", **asked)
    assert "Amazon partnered" in carriers
    offer = sendings.options(trip.sending, "transport", row.plan_shipment_id)[0]
    ordering = send(
        trip, client, "transport", **{f"option:{row.plan_shipment_id}": offer.option_id}
    )
    assert "free of charge for 1 hour after" in ordering
    done = send(trip, client, "confirmation")

    assert "Bill of lading" in done
    lading = f"/sendings/{trip.sending.id}/shipments/{row.id}/bill-of-lading"
    assert client.post(lading).data.startswith(b"%PDF")


def test_plan_only_leaves_the_rest_to_seller_central(trip: Trip, client: FlaskClient) -> None:
    page = planned(trip, client, act="plan_only")

    assert "The plan is at Amazon." in page
    assert f"wf={trip.sending.plan_id}" in page
    assert trip.order.locked_at is not None


def test_stopping_after_the_plan_says_so_too(trip: Trip, client: FlaskClient) -> None:
    planned(trip, client)

    page = send(trip, client, "end")

    assert "The plan is at Amazon." in page


def test_what_amazon_would_refuse_is_named_before_anything_is_sent(
    trip: Trip, client: FlaskClient
) -> None:
    answer = client.post(page_of(trip), data={**PLAN, "from_phone": "", "from_city": ""})

    assert answer.status_code == 422
    assert "The ship-from address has no phone number." in answer.text
    assert "The ship-from address has no city." in answer.text
    assert sendings.current(trip.order_id) is None


def test_checking_sends_nothing(trip: Trip, client: FlaskClient) -> None:
    answer = client.post(page_of(trip), data={**PLAN, "act": "check"})

    assert answer.status_code == 200
    assert sendings.current(trip.order_id) is None


def test_a_line_has_its_own_owner_expiry_lot_and_case(trip: Trip, client: FlaskClient) -> None:
    skus = [line.sku for line in sendings.draft(trip.order).lines]
    rows = {
        "line-sku": skus, "line-prep": ["NONE", "", "", ""], "line-label": [""] * 4,
        "line-expires": ["2027-12-01", "", "", ""], "line-lot": ["L7", "", "", ""],
        "line-case": ["6", "", "", ""],
    }  # fmt: skip
    client.post(page_of(trip), data={**PLAN, **rows})

    first = sendings.lines(trip.sending)[0]

    said = (first.prep_owner, str(first.expires_on), first.lot_code, first.units_per_case)
    assert said == ("NONE", "2027-12-01", "L7", 6)


def test_what_cannot_be_read_of_a_line_is_said(trip: Trip, client: FlaskClient) -> None:
    sku = sendings.draft(trip.order).lines[0].sku
    rows = {"line-sku": sku, "line-expires": "2027-13-01", "line-case": "six"}

    answer = client.post(page_of(trip), data={**PLAN, **rows})

    assert answer.status_code == 422
    assert "is no day of the calendar" in answer.text
    assert "“six” is no number" in answer.text


def test_amazon_s_help_ended_in_the_us_and_is_not_offered(trip: Trip, client: FlaskClient) -> None:
    page = client.get(page_of(trip)).text

    assert re.search(r'<option disabled value="AMAZON">Amazon \(ended in the US', page)


def test_boxes_that_do_not_hold_everything_are_refused_with_the_sum(
    trip: Trip, client: FlaskClient
) -> None:
    planned(trip, client)
    if not trip.sending.packing_option_id:
        send(trip, client, "packing", option=sendings.options(trip.sending, "packing")[0].option_id)
    wrong = boxes(trip) | {"box-quantity": ["3"] * len(sendings.places(trip.sending))}

    answer = client.post(f"/sendings/{trip.sending.id}/boxes", data=wrong)

    assert answer.status_code == 422
    assert "6 not in a box" in answer.text
    assert not sendings.boxes(trip.sending)


@pytest.mark.parametrize(
    ("fill", "more", "said"),
    [
        ("add", {}, "Number of boxes 2"),
        ("cases", {}, "Contents of boxes"),
        ("identical", {"count": "4"}, "Every unit is in a box"),
        ("identical", {"count": "7"}, "do not come out even in 7 boxes"),
        ("csv", {"csv": "box,length\n1,2"}, "Missing: “width”, “height”, “weight”, “sku”, “units”"),
        ("csv", {"csv": " "}, "Choose a file with rows, or paste them, first."),
    ],
)
def test_rows_of_boxes_are_filled_in_without_telling_amazon(
    trip: Trip, client: FlaskClient, fill: str, more: dict[str, str], said: str
) -> None:
    planned(trip, client)
    if not trip.sending.packing_option_id:
        send(trip, client, "packing", option=sendings.options(trip.sending, "packing")[0].option_id)
    place = next(iter(sendings.places(trip.sending)))
    fields = boxes(trip) | {f"{name}-{place}": value for name, value in more.items()}

    answer = client.post(
        f"/sendings/{trip.sending.id}/boxes", data={**fields, "fill": f"{fill}:{place}"}
    )

    assert answer.status_code == 200
    assert said in answer.text
    assert not sendings.boxes(trip.sending)


@pytest.mark.parametrize("made", ["pasted", "csv", "xlsx"])
def test_boxes_come_from_a_table(trip: Trip, client: FlaskClient, made: str) -> None:
    planned(trip, client)
    if not trip.sending.packing_option_id:
        send(trip, client, "packing", option=sendings.options(trip.sending, "packing")[0].option_id)
    place, units = next(iter(sendings.places(trip.sending).items()))
    rows = [["Box", "quantity", "length", "width", "height", "weight", "SKU", "units"]]
    rows += [["A", "4", "40", "30", "20", "9,5", sku, f"{n // 4}"] for sku, n in units.items()]
    text = "\n".join(";".join(row) for row in rows)
    ways: dict[str, dict[str, Any]] = {
        "pasted": {f"csv-{place}": text},
        "csv": {f"file-{place}": (io.BytesIO(text.encode()), "boxes.csv")},
        "xlsx": {f"file-{place}": (io.BytesIO(as_xlsx(rows)), "boxes.xlsx")},
    }
    fields = boxes(trip) | {"fill": f"csv:{place}"} | ways[made]

    page = client.post(f"/sendings/{trip.sending.id}/boxes", data=fields).text

    assert 'hx-encoding="multipart/form-data"' in page
    assert "\n".join(f"{sku} {number // 4}" for sku, number in units.items()) in page
    assert 'value="9,5"' in page
    assert not sendings.boxes(trip.sending)


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def test_do_not_split_stops_and_asks(trip: Trip, client: FlaskClient) -> None:
    planned(trip, client, do_not_split="y")
    if not trip.sending.packing_option_id:
        send(trip, client, "packing", option=sendings.options(trip.sending, "packing")[0].option_id)
    send(trip, client, "boxes", **boxes(trip))
    option = next(
        one
        for one in sendings.options(trip.sending, "placement")
        if len(one.facts["shipments"]) == 2
    )
    path = f"/sendings/{trip.sending.id}/placement"

    refused = client.post(path, data={"option": option.option_id})
    agreed = client.post(path, data={"option": option.option_id, "split_ok": "y"})

    assert refused.status_code == 422
    assert "you asked not to" in refused.text
    assert agreed.status_code == 303


def test_offers_asked_for_again_show_the_change_of_price(trip: Trip, client: FlaskClient) -> None:
    packed(trip, client)

    page = send(trip, client, "offers", kind="placement")

    assert '<small class="warn">was ' in page


def test_one_goes_back_to_what_is_not_binding(trip: Trip, client: FlaskClient) -> None:
    carried(trip, client)

    page = client.get(f"{page_of(trip)}?step=placement").text

    assert "Where the goods go" not in page
    assert "Continue to transport" in page
    assert "Continue to transport" not in client.get(page_of(trip)).text


def test_a_form_of_an_earlier_state_is_stale(trip: Trip, client: FlaskClient) -> None:
    planned(trip, client)
    old = trip.sending.version
    sending_id = trip.sending.id
    if not trip.sending.packing_option_id:
        option = sendings.options(trip.sending, "packing")[0].option_id
        send(trip, client, "packing", option=option)
    send(trip, client, "boxes", **boxes(trip))

    answer = client.post(f"/sendings/{sending_id}/cancellation", data={"version": str(old)})

    assert answer.status_code == 409
    assert "Somebody went on with it in the meantime." in answer.text
    assert trip.sending.state == SendingState.WAITING


def test_pressed_twice_it_is_sent_once(trip: Trip, client: FlaskClient) -> None:
    form = {**PLAN, "submission": "one-form"}

    client.post(page_of(trip), data=form)
    first = trip.sending.id
    again = client.post(page_of(trip), data=form)
    other = client.post(page_of(trip), data=PLAN)
    trip.settle()

    assert again.location == page_of(trip)
    assert other.status_code == 409
    assert trip.sending.id == first
    assert len(trip.plans) == 1


def test_while_amazon_is_at_work_the_body_asks_for_itself(trip: Trip, client: FlaskClient) -> None:
    client.post(page_of(trip), data=PLAN)
    page = client.get(page_of(trip), headers={"HX-Request": "true"}).text
    found = re.search(r'hx-get="([^"]+/status\?seen=[^"]+)" hx-trigger="every 1s"', page)
    assert found, page

    waiting = client.get(found[1], headers={"HX-Request": "true"})
    trip.settle()
    changed = client.get(found[1], headers={"HX-Request": "true"})

    assert waiting.status_code == 204
    assert changed.status_code == 200
    assert "/status?seen=" not in changed.text


def test_a_cancelled_sending_unlocks_the_order_and_can_be_begun_anew(
    trip: Trip, client: FlaskClient
) -> None:
    planned(trip, client)

    page = send(trip, client, "cancellation")

    assert "Canceled." in page
    assert "Create plan" in page
    assert trip.order.locked_at is None


def test_a_paper_waits_for_whoever_else_calls_amazon(
    trip: Trip, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_papers, "PATIENCE_S", 0.5)
    carried(trip, client)
    send(trip, client, "confirmation")
    (row,) = sendings.shipments(trip.sending)
    assert leases.take(trip.connection_id, "somebody")
    db.session.commit()

    path = f"/sendings/{trip.sending.id}/shipments/{row.id}/labels"
    answer = client.post(path, follow_redirects=True)

    assert "Amazon is being asked something else for this connection" in answer.text


def test_a_lost_answer_is_unclear_and_offered_again_to_a_person(
    trip: Trip, client: FlaskClient
) -> None:
    client.post(page_of(trip), data=PLAN)
    sending = trip.sending
    sending.call, sending.called_at = "createInboundPlan", accounts.now()
    sending.state, sending.looks = SendingState.UNCLEAR, 0
    db.session.commit()

    checking = client.get(page_of(trip)).text
    early = client.post(f"/sendings/{sending.id}/repeat")
    trip.settle()
    offering = client.get(page_of(trip)).text

    assert "Unclear, checking with Amazon" in checking
    assert "Send again" not in checking
    assert early.status_code == 422
    assert f"Amazon shows no plan named <b>{trip.sending.plan_name}</b>" in offering
    assert "Send again" in offering


def test_brazil_is_not_supported_and_the_reason_stands_beside_the_button(
    client: FlaskClient,
) -> None:
    place = make_warehouse(marketplace_id="A2Q3Y263D00KWC", country="BR", currency="BRL")
    order = make_order(origin="local", destination_id=place.id, line_count=1)
    make_order_line(order)

    page = client.get(f"/purchase-orders/{order.id}").text

    assert "Amazon takes no plans for Brazil from other software." in page
    assert re.search(r'aria-disabled="true"\s+aria-describedby="send-why"', page)


def test_an_order_elsewhere_has_no_button(client: FlaskClient) -> None:
    shed = make_warehouse(kind="own")
    order = make_order(origin="local", destination_id=shed.id)

    assert "Send to Amazon" not in client.get(f"/purchase-orders/{order.id}").text
    assert client.get(f"/purchase-orders/{order.id}/send").status_code == 404


def test_a_viewer_sees_neither_button_nor_page(
    trip: Trip, sign_in: Callable[..., FlaskClient]
) -> None:
    viewer = sign_in(Role.VIEWER)

    assert "Send to Amazon" not in viewer.get(f"/purchase-orders/{trip.order_id}").text
    assert viewer.get(page_of(trip)).status_code == 403
    assert viewer.get(f"/orders/{trip.order_id}/sending").status_code == 200


def test_saving_an_order_opens_the_dialog_when_the_setting_says_so(
    trip: Trip, client: FlaskClient
) -> None:
    account = db.session.get_one(Account, 1)
    account.open_send = True
    db.session.commit()
    form = edit_form(trip)

    plain = client.post(f"/purchase-orders/{trip.order_id}/edit", data=form)
    scripted = client.post(
        f"/purchase-orders/{trip.order_id}/edit", data=form, headers={"HX-Request": "true"}
    )

    assert plain.location == page_of(trip)
    opening = f"/purchase-orders/{trip.order_id}?send=open"
    assert scripted.headers["HX-Redirect"] == opening
    assert 'hx-trigger="click, load"' in client.get(opening).text


def edit_form(trip: Trip) -> dict[str, Any]:
    lines = sendings.draft(trip.order).lines
    return {
        "destination_id": trip.order.destination_id,
        "vendor_id": make_vendor().id,
        "status": "Open",
        "rounding": "off",
        "spread_by": "value",
        "line-sku": [line.sku for line in lines],
        "line-units": ["24"] * len(lines),
    }
