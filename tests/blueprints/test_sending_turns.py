"""What a person is asked on the way to Amazon besides the straight road: choices, prices, doubt."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from markupsafe import escape

from blueprints.home import sending_todos
from extensions import db
from inventory.models import Listing, OrderLine, SendingShipment, SendingState, SyncKind
from inventory.services import accounts, sendings
from simulator import seller_central
from tests.sending import OWN, PARTNERED, Trip
from tests.sending_pages import (
    PLAN,
    boxes,
    carried,
    offered,
    packed,
    page_of,
    placed,
    planned,
    send,
)

SetOff = Callable[..., Trip]
#: Listings of Amazon's: two packed apart; one without a prep category; one not accepted.
APART, NO_PREP, REFUSED = (0, 43), (0, 3, 11), (0, 46)


def test_of_several_packing_options_one_is_chosen_by_its_groups_and_fee(
    set_off: SetOff, client: FlaskClient
) -> None:
    trip = set_off(APART)
    page = planned(trip, client)
    first, second = sendings.options(trip.sending, "packing")
    assert page.count('name="option"') == 2
    assert "2 groups packed apart" in page
    assert "1 group packed apart" in page
    assert re.search(r"Fee, USD</th>\s*<td[^>]*>\s*5.00", page)

    told = send(trip, client, "packing", option=second.option_id)

    assert trip.sending.packing_option_id == second.option_id != first.option_id
    assert "Say what is in the boxes." in told
    assert len(sendings.places(trip.sending)) == 1


def test_going_on_without_a_choice_asks_for_one(trip: Trip, client: FlaskClient) -> None:
    packed(trip, client)

    answer = client.post(f"/sendings/{trip.sending.id}/placement")

    assert answer.status_code == 422
    assert "Choose one of the options first." in answer.text


def test_a_placement_names_its_centres_their_cities_units_and_fees(
    trip: Trip, client: FlaskClient
) -> None:
    page = packed(trip, client)
    parts = sum(len(one.facts["shipments"]) for one in sendings.options(trip.sending, "placement"))
    paid = next(one for one in sendings.options(trip.sending, "placement") if one.amount)

    assert page.count("<small>Easton, PA</small>") == parts
    assert all(fee["description"] in page for fee in paid.facts["fees"])
    assert re.search(r"Transport</th>\s*<td[^>]*>comes later", page)
    assert trip.amazon.calls["getShipment"] == parts


def test_expired_placements_are_named_and_the_new_price_stands_beside_the_old(
    trip: Trip, client: FlaskClient
) -> None:
    packed(trip, client)
    split = next(one for one in sendings.options(trip.sending, "placement") if one.amount)
    was = f"{split.amount:.2f}"
    trip.clock.shift(timedelta(days=3))
    page = client.get(page_of(trip)).text
    path = f"/sendings/{trip.sending.id}/placement"
    refused = client.post(path, data={"option": split.option_id})

    fresh = send(trip, client, "offers", kind="placement")

    assert "Amazon’s offer has expired." in page
    assert "Ask for new placement options" in page
    assert refused.status_code == 422
    assert "Amazon’s offer has expired. Ask for new ones." in refused.text
    assert "Amazon’s offer has expired." not in fresh
    assert f'<small class="warn">was {was}</small>' in fresh


def test_an_expired_quote_is_not_confirmed_and_its_new_price_stands_beside_the_old(
    trip: Trip, client: FlaskClient
) -> None:
    carried(trip, client)
    (quote,) = sendings.chosen(trip.sending, "transport")
    was = f"{quote.amount:.2f}"
    trip.clock.shift(timedelta(hours=25))
    page = client.get(page_of(trip)).text
    refused = client.post(f"/sendings/{trip.sending.id}/confirmation")

    fresh = send(trip, client, "offers", kind="transport")

    assert "Ask the carriers again" in page
    assert refused.status_code == 422
    (again,) = sendings.chosen(trip.sending, "transport")
    assert "What becomes binding" in fresh
    assert f'<small class="warn">was {was}</small>' in fresh
    assert f"{again.amount:.2f}" in fresh
    assert trip.sending.transport_agreed_at is None


def test_a_prep_category_is_set_beside_its_line_and_the_plan_is_made(
    set_off: SetOff, client: FlaskClient
) -> None:
    trip = set_off(NO_PREP)
    asking = planned(trip, client)
    name = f"category:{trip.sku(11)}"
    assert "Amazon does not know yet how the SKU must be prepared." in asking
    assert f'aria-label="Prep category of {escape(trip.sku(11))}"' in asking
    assert 'hx-disabled-elt="button[form=prep]"' in asking
    path = f"/sendings/{trip.sending.id}/prep"
    unsaid = client.post(path, data={name: ""})
    unknown = client.post(path, data={name: "GLITTER"})

    made = send(trip, client, "prep", **{name: "FRAGILE"})

    assert unsaid.status_code == unknown.status_code == 422
    assert "Choose a prep category first." in unsaid.text
    assert trip.amazon.calls["setPrepDetails"] == 1
    assert "Packing" in made
    assert trip.sending.plan_id
    assert len(trip.plans) == 1


def test_an_address_amazon_would_refuse_is_mended_beside_its_field(
    trip: Trip, client: FlaskClient
) -> None:
    said = {**PLAN, "from_postal_code": "4101", "from_state": "Maine"}

    answer = client.post(page_of(trip), data=said)

    assert answer.status_code == 422
    beside = r'id="from_{}-e">.*?{}'
    assert re.search(beside.format("postal_code", "“4101” is no postcode in US"), answer.text)
    assert re.search(beside.format("state", "“Maine” is no state in US"), answer.text)
    assert 'value="4101"' in answer.text
    assert trip.plans == []


def test_freight_without_its_pallets_is_marked_field_by_field_and_keeps_what_was_typed(
    trip: Trip, client: FlaskClient
) -> None:
    row = packed_later(trip, client)
    day = accounts.today().isoformat()
    said = {"ready": day, "quantity": "2", "length": "48", "width": "x", "declared_value": "0"}
    fields = {f"{name}:{row.plan_shipment_id}": text for name, text in said.items()}
    clean = client.get(page_of(trip)).text

    answer = client.post(f"/sendings/{trip.sending.id}/ready", data=fields)

    assert answer.status_code == 422
    for sentence in ("Enter the height.", "Enter the weight of one.", "Choose the freight class."):
        assert sentence in answer.text
        assert sentence not in clean
    assert "“x” is no amount" in answer.text
    assert re.search(r'id="declared_value-1-e">.*?Enter a number above 0\.', answer.text, re.S)
    assert re.search(rf'name="ready:[^"]+"\s+value="{day}"', answer.text)
    assert re.search(r'name="length:[^"]+"\s+value="48"', answer.text)
    assert trip.amazon.calls["generateTransportationOptions"] == 0


def packed_later(trip: Trip, client: FlaskClient) -> SendingShipment:
    trip.route = "freight"
    planned(trip, client, route="freight")
    offers = sendings.options(trip.sending, "placement")
    option = next(one for one in offers if len(one.facts["shipments"]) == 1)
    send(trip, client, "placement", option=option.option_id)
    send(trip, client, "confirmation")
    send(trip, client, "boxes", **boxes(trip))
    (row,) = sendings.shipments(trip.sending)
    return row


def test_what_amazon_refuses_is_said_in_words_with_the_way_to_change_the_lines(
    set_off: SetOff, client: FlaskClient
) -> None:
    trip = set_off(REFUSED)

    page = planned(trip, client)

    assert f"{trip.sku(46)}: The product has no category (FBA_INB_0018)." in page
    assert "Complete the listing in Seller Central." in page
    assert "Stop and change the line" in page
    assert trip.plans == []


def test_a_line_amazon_would_refuse_is_one_press_from_the_order_s_editor(
    set_off: SetOff, client: FlaskClient
) -> None:
    trip = set_off(REFUSED)
    planned(trip, client)
    sku = trip.sku(46)

    answer = client.post(f"/sendings/{trip.sending.id}/line", data={"sku": sku})

    assert answer.status_code == 303
    assert answer.location == f"/purchase-orders/{trip.order_id}/edit#line-{quote(sku)}"
    assert f'<tr id="line-{escape(sku)}">' in client.get(answer.location).text
    assert trip.order.locked_at is None
    assert trip.sending.message == "Nothing was sent."


def test_a_line_that_is_no_fba_listing_leads_to_the_editor_and_a_wrong_owner_to_its_row(
    trip: Trip, client: FlaskClient
) -> None:
    line, other = list(db.session.scalars(sa.select(OrderLine).limit(2)))
    db.session.get_one(Listing, line.listing_id).channel = "FBM"
    db.session.commit()
    said = {**PLAN, "line-sku": other.seller_sku, "line-expires": "2020-01-01"}

    page = client.post(page_of(trip), data=said).text

    edit = f"/purchase-orders/{trip.order_id}/edit#line-{quote(line.seller_sku)}"
    assert f'href="{edit}">Change the line' in page
    assert f'href="#line-{quote(other.seller_sku)}">Go to the line' in page
    assert f'<tr id="line-{escape(other.seller_sku)}">' in page


def test_what_has_gone_to_amazon_is_not_taken_back_for_a_line(
    trip: Trip, client: FlaskClient
) -> None:
    planned(trip, client)

    answer = client.post(f"/sendings/{trip.sending.id}/line", data={"sku": trip.sku(0)})

    assert answer.status_code == 422
    assert "Cancel the sending first." in answer.text
    assert trip.order.locked_at is not None


def test_a_create_that_amazon_never_shows_is_sent_again_by_a_person(
    trip: Trip, client: FlaskClient
) -> None:
    trip.amazon.will_answer("createInboundPlan", 503)
    client.post(page_of(trip), data=PLAN)
    trip.work()
    checking = client.get(page_of(trip), headers={"HX-Request": "true"}).text
    state = client.get(f"/orders/{trip.order_id}/sending").text
    trip.settle()
    offering = client.get(page_of(trip)).text

    made = send(trip, client, "repeat")

    assert "Unclear, checking with Amazon" in checking
    assert "-unclear" in checking
    assert "Send again" not in checking
    assert "unclear, checking with Amazon" in state
    assert f"Amazon shows no plan named <b>{trip.sending.plan_name}</b>" in offering
    assert "Send again" in offering
    assert "Packing" in made
    assert len(trip.plans) == 1


def test_who_asks_is_told_at_once_what_amazon_shows_and_the_looks_that_count_go_on(
    trip: Trip, client: FlaskClient
) -> None:
    trip.amazon.will_answer("createInboundPlan", 503)
    client.post(page_of(trip), data=PLAN)
    trip.work()
    looks = trip.sending.looks
    before = trip.amazon.calls["listInboundPlans"]

    for _ in range(5):
        client.post(f"/sendings/{trip.sending.id}/look")
        trip.work()
    page = client.get(page_of(trip)).text

    assert trip.amazon.calls["listInboundPlans"] >= before + 5
    assert re.search(r"Looked at [\d:]{8}: Amazon shows nothing of it yet", page)
    assert trip.sending.looks < looks + 5
    assert "Send again" not in page


def test_a_create_given_up_by_a_person_frees_the_order(trip: Trip, client: FlaskClient) -> None:
    trip.amazon.will_answer("createInboundPlan", 503)
    client.post(page_of(trip), data=PLAN)
    trip.settle()

    page = send(trip, client, "cancellation")

    assert trip.sending.state == SendingState.CANCELED
    assert "Given up: Amazon showed no such plan." in page
    assert trip.order.locked_at is None


def test_before_anything_left_a_cancelled_sending_says_that_nothing_was_sent(
    set_off: SetOff, client: FlaskClient
) -> None:
    trip = set_off(REFUSED)
    planned(trip, client)

    page = send(trip, client, "cancellation")

    assert "Nothing was sent." in page
    assert "The plan at Amazon is canceled" not in page


def test_what_is_free_to_cancel_tells_the_time_that_is_left(
    trip: Trip, client: FlaskClient
) -> None:
    carried(trip, client)

    page = send(trip, client, "confirmation")

    assert re.search(r"</time>, 2[34] h \d+ min from now", page)


def test_who_may_only_read_sees_where_the_sending_is(
    trip: Trip, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    placed(trip, client)
    viewer = sign_in("viewer")

    page = viewer.get(f"/purchase-orders/{trip.order_id}").text
    state = viewer.get(f"/orders/{trip.order_id}/sending").text

    assert "Sending: Transport, your turn" not in page
    assert "Sending: Transport, waits for somebody" in page
    assert "Sending: Transport" in state
    assert "Send to Amazon" not in page


def test_another_goes_on_where_one_stopped(
    trip: Trip, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    placed(trip, client)

    page = sign_in("planner").get(page_of(trip)).text

    assert "Say from when the shipments are ready" in page


def test_the_home_page_leads_to_every_order_however_many_wait(
    trip: Trip, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_todos, "SHOWN", 0)
    placed(trip, client)

    page = client.get("/").text

    assert "1 more order on the way to Amazon: unclear or to be decided." in page
    assert f'<a href="/purchase-orders/{trip.order_id}">PO-1042</a>' in page


def test_the_home_page_names_what_waits_or_is_unclear(trip: Trip, client: FlaskClient) -> None:
    placed(trip, client)
    waits = client.get("/").text
    trip.sending.state = SendingState.UNCLEAR
    db.session.commit()

    unclear = client.get("/").text

    assert "PO-1042 is on its way to Amazon and waits for a decision." in waits
    assert "Transport: Say from when the shipments are ready" in waits
    assert "PO-1042: unclear what Amazon has of it." in unclear


def test_numbers_typed_for_every_shipment_are_told_by_one_press(
    trip: Trip, client: FlaskClient
) -> None:
    own_parts(trip, client)
    first, second = sendings.shipments(trip.sending)
    typed = {
        f"number:{row.plan_shipment_id}:{box}": f"1Z{row.id}{n}"
        for row in (first, second)
        for n, box in enumerate(row.box_ids)
    }
    page = client.get(page_of(trip)).text
    assert all(f'name="{name}"' in page for name in typed)
    assert page.count("hx-include=\"[name^='number:']\"") == 2

    told = send(trip, client, "tracking", **typed)

    assert told.count("Amazon has been told") == 2
    assert all(f'value="{number}"' in told for number in typed.values())
    again = client.post(f"/sendings/{trip.sending.id}/tracking")
    assert (again.status_code, "Enter at least one number." in again.text) == (422, True)


def test_own_carriers_are_not_said_to_be_ordered(trip: Trip, client: FlaskClient) -> None:
    page = own_parts(trip, client)

    assert "Order your carriers yourself. Print the labels." in page
    assert "Transport is ordered" not in page


def test_what_was_picked_is_kept_beside_a_refusal(trip: Trip, client: FlaskClient) -> None:
    planned(trip, client, do_not_split="y")
    if not trip.sending.packing_option_id:
        send(trip, client, "packing", option=sendings.options(trip.sending, "packing")[0].option_id)
    send(trip, client, "boxes", **boxes(trip))
    offers = sendings.options(trip.sending, "placement")
    option = next(one.option_id for one in offers if len(one.facts["shipments"]) == 2)

    refused = client.post(f"/sendings/{trip.sending.id}/placement", data={"option": option})

    assert picked(refused.text) == [option]
    send(trip, client, "placement", option=option, split_ok="y")
    rows = sendings.shipments(trip.sending)
    day = accounts.today().isoformat()
    send(trip, client, "ready", **{f"ready:{one.plan_shipment_id}": day for one in rows})
    mixed = [
        carrier_of(trip, row.plan_shipment_id, solution)
        for row, solution in zip(rows, (PARTNERED, OWN), strict=True)
    ]
    wanted = {f"option:{row.plan_shipment_id}": one for row, one in zip(rows, mixed, strict=True)}
    refused = client.post(f"/sendings/{trip.sending.id}/transport", data=wanted)
    assert refused.status_code == 422
    assert picked(refused.text) == mixed


def test_who_presses_second_is_told_that_the_other_s_choices_are_sent(
    trip: Trip, client: FlaskClient
) -> None:
    client.post(page_of(trip), data={**PLAN, "submission": "mine"})

    late = client.post(page_of(trip), data={**PLAN, "do_not_split": "y", "submission": "theirs"})

    assert late.status_code == 409
    assert "sent just before you, with the choices made there" in late.text
    trip.settle()
    assert trip.sending.do_not_split is False
    assert len(trip.plans) == 1


def test_the_way_to_change_a_line_is_explained_only_where_it_is_offered(
    set_off: SetOff, client: FlaskClient
) -> None:
    page = planned(set_off(NO_PREP), client)

    assert "Nothing has left yet" in page
    assert "Stop and change the line" not in page


def test_the_check_before_anything_is_sent_says_so(trip: Trip, client: FlaskClient) -> None:
    client.post(page_of(trip), data=PLAN)

    page = client.get(page_of(trip)).text

    assert "Checking what Amazon would refuse; nothing is sent yet." in page


def test_the_order_says_that_its_plan_was_canceled_in_seller_central(
    trip: Trip, client: FlaskClient
) -> None:
    planned(trip, client)
    seller_central.act(trip.amazon, what="void", plan_id=trip.sending.plan_id)
    trip.sync(SyncKind.PLANS)

    beside = client.get(f"/orders/{trip.order_id}/sending").text

    assert "The plan was canceled in Seller Central." in beside
    assert "Send to Amazon" in beside


def test_a_plan_gone_without_a_word_leaves_a_way_to_free_the_order(
    trip: Trip, client: FlaskClient
) -> None:
    """Amazon goes on calling it ACTIVE, and there is no shipment that could tell (models #4126)."""
    packed(trip, client)
    seller_central.act(trip.amazon, what="cancel", plan_id=trip.sending.plan_id)

    page = send(trip, client, "offers", kind="placement")

    assert "If the plan was canceled in Seller Central, cancel the sending here too" in page
    send(trip, client, "cancellation")
    assert trip.order.locked_at is None


def test_a_placement_that_expired_at_confirm_is_told_with_its_new_fee(
    trip: Trip, client: FlaskClient
) -> None:
    carried(trip, client)
    seller_central.act(trip.amazon, what="expire", plan_id=trip.sending.plan_id)

    page = send(trip, client, "confirmation")

    (offer,) = sendings.chosen(trip.sending, "placement")
    assert offer.amount_before is not None
    assert offer.amount != offer.amount_before
    told = f"its fee is {offer.amount:.2f} USD, before it was {offer.amount_before:.2f} USD"
    assert told in " ".join(page.split())
    assert "Continue to confirm" in page


def test_what_is_wrong_of_a_box_is_marked_in_its_row(trip: Trip, client: FlaskClient) -> None:
    planned(trip, client)
    if not trip.sending.packing_option_id:
        send(trip, client, "packing", option=sendings.options(trip.sending, "packing")[0].option_id)
    count = len(sendings.places(trip.sending))
    said = boxes(trip) | {"box-width": [""] * count, "box-weight": ["heavy"] * count}

    refused = client.post(f"/sendings/{trip.sending.id}/boxes", data=said)

    assert refused.status_code == 422
    marked = re.findall(r'name="box-(\w+)"\s[^>]*aria-invalid="true"', refused.text)
    assert marked == ["width", "weight"] * count
    where = set(re.findall(r'aria-invalid="true"\s+aria-describedby="([^"]+)"', refused.text))
    assert len(where) == count
    assert all(f'id="{one}"' in refused.text for one in where)


def own_parts(trip: Trip, client: FlaskClient) -> str:
    """Two shipments with carriers of one's own, up to the labels."""
    offered(trip, client, parts=2)
    rows = sendings.shipments(trip.sending)
    ids = [row.plan_shipment_id for row in rows]
    send(trip, client, "transport", **{f"option:{one}": carrier_of(trip, one, OWN) for one in ids})
    send(trip, client, "confirmation")
    windows = {one: sendings.options(trip.sending, "window", one)[0].option_id for one in ids}
    return send(trip, client, "windows", **{f"window:{one}": windows[one] for one in ids})


def carrier_of(trip: Trip, shipment_id: str, solution: str) -> str:
    offers = sendings.options(trip.sending, "transport", shipment_id)
    return next(one.option_id for one in offers if one.facts["solution"] == solution)


def picked(page: str) -> list[str]:
    return re.findall(r'type="radio"\s+name="option[^"]*"\s+value="([^"]+)"\s+checked', page)
