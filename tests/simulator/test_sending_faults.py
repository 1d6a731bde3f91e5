"""Everything that can go wrong while a plan is made, on demand."""

import pytest
import requests

from simulator import seller_central
from tests.simulator.sending import PARTNERED_PARCEL, Sender


@pytest.fixture
def sender(amazon) -> Sender:
    return Sender(amazon)


def names(sender: Sender) -> list[str]:
    return [one["name"] for one in sender.amazon.simulator.made_plans()]


@pytest.mark.parametrize("word", ["timeout", "reset", "cut"])
def test_the_answer_can_be_lost_after_amazon_acted(amazon, sender, word):
    amazon.simulator.will_answer("createInboundPlan", word)

    with pytest.raises(requests.RequestException):
        amazon.call("createInboundPlan", body=sender.body())

    assert names(sender) == ["PO-1042 #K7Q2M9"]


@pytest.mark.parametrize("word", ["acted_500", "acted_503"])
def test_amazon_can_act_and_say_that_it_failed(amazon, sender, word):
    amazon.simulator.will_answer("createInboundPlan", word)

    answer = amazon.call("createInboundPlan", body=sender.body())

    assert answer.status_code == int(word.removeprefix("acted_"))
    assert names(sender) == ["PO-1042 #K7Q2M9"]


def test_without_a_connection_or_with_a_plain_failure_nothing_is_done(amazon, sender):
    amazon.simulator.will_answer("createInboundPlan", "no_connection", 503, 429, "revoked")

    with pytest.raises(requests.ConnectTimeout):
        amazon.call("createInboundPlan", body=sender.body())
    statuses = [amazon.call("createInboundPlan", body=sender.body()).status_code for _ in range(3)]

    assert statuses == [503, 429, 403]
    assert names(sender) == []


def test_an_unknown_answer_is_refused(amazon):
    for answer in ("acted_nonsense", "acted_200", "acted_", "777"):
        with pytest.raises(ValueError, match="unknown answer"):
            amazon.simulator.will_answer("createInboundPlan", answer)


def test_an_operation_can_fail_warn_and_never_end(amazon, sender, clock):
    sender.create()
    amazon.simulator.will_answer("generatePackingOptions", "failed", "endless", "warnings")

    failed = sender.run("generatePackingOptions", sender.plan)
    assert failed["operationStatus"] == "FAILED"
    assert failed["operationProblems"][0]["code"] == "InternalServerError"
    assert sender.rows("listPackingOptions", sender.plan) == []
    endless = sender.run("generatePackingOptions", sender.plan)
    clock.at += 3600
    amazon.renew()
    assert sender.look(endless["operationId"])["operationStatus"] == "IN_PROGRESS"
    warned = sender.run("generatePackingOptions", sender.plan)

    assert warned["operationStatus"] == "SUCCESS"
    assert [one["severity"] for one in warned["operationProblems"]] == ["WARNING"]
    assert sender.rows("listPackingOptions", sender.plan)


def test_a_plan_can_be_voided_right_after_it_was_accepted(amazon, sender):
    amazon.simulator.will_answer("createInboundPlan", "voided")

    sender.create()

    assert amazon.call("getInboundPlan", sender.plan).json()["status"] == "VOIDED"
    assert sender.plan in {
        one["inboundPlanId"] for one in sender.rows("listInboundPlans", status="VOIDED")
    }
    assert amazon.call("generatePackingOptions", sender.plan).status_code == 400


def test_an_address_can_be_refused(amazon, sender):
    amazon.simulator.will_answer("createInboundPlan", "address_refused")

    found = sender.run("createInboundPlan", body=sender.body())

    assert [one["code"] for one in found["operationProblems"]] == ["InvalidAddress"]
    assert found["operationStatus"] == "FAILED"


def test_a_plan_is_found_by_its_name_at_once_or_late(amazon, sender, clock):
    def listed() -> list[str]:
        query = {"sortBy": "CREATION_TIME", "sortOrder": "DESC", "pageSize": 30}
        rows = amazon.call("listInboundPlans", **query).json()["inboundPlans"]
        return [one["name"] for one in rows if "#" in one["name"]]

    amazon.simulator.will_answer("createInboundPlan", "ok", "late")
    sender.create()
    sender.create(name="PO-1043 #SECOND")

    assert listed() == ["PO-1042 #K7Q2M9"]
    assert amazon.call("getInboundPlan", sender.plan).status_code == 200
    clock.at += 301
    assert set(listed()) == {"PO-1043 #SECOND", "PO-1042 #K7Q2M9"}


@pytest.mark.parametrize("kind", ["packing", "placement"])
def test_an_option_can_be_expired_and_is_dearer_when_asked_again(amazon, sender, kind):
    sender.create()
    generate, confirm = f"generate{kind.title()}Options", f"confirm{kind.title()}Option"
    if kind == "placement":
        sender.pack()
    amazon.simulator.will_answer(generate, "expired")
    body = {} if kind == "placement" else None

    sender.succeed(generate, sender.plan, body=body)
    old = sender.rows(f"list{kind.title()}Options", sender.plan)
    refused = amazon.call(confirm, sender.plan, old[0][f"{kind}OptionId"])
    sender.succeed(generate, sender.plan, body=body)
    new = sender.rows(f"list{kind.title()}Options", sender.plan)

    assert {one["status"] for one in old} == {"EXPIRED"}
    assert "expired" in refused.json()["errors"][0]["message"]
    assert {one["status"] for one in new} == {"OFFERED"}
    assert (old[0]["fees"] != new[0]["fees"]) == (kind == "placement")
    sender.succeed(confirm, sender.plan, new[0][f"{kind}OptionId"])


def test_a_quote_can_expire_between_two_steps(amazon, sender):
    sender.create()
    sender.pack()
    option = sender.place()
    old = sender.offer(option)
    seller_central.act(amazon.simulator, what="expire", plan_id=sender.plan)

    late = sender.choose(old, *PARTNERED_PARCEL)
    refused = amazon.call("confirmTransportationOptions", sender.plan, body=late)
    new = sender.offer(option)

    assert "expired" in refused.json()["errors"][0]["message"]
    costs = [
        [one["quote"]["cost"]["amount"] for one in offers if "quote" in one]
        for offers in (old, new)
    ]
    assert costs[0] < costs[1]
    body = sender.choose(new, *PARTNERED_PARCEL)
    sender.succeed("confirmTransportationOptions", sender.plan, body=body)


def test_there_can_be_1377_options_on_69_pages(amazon, sender):
    sender.create()
    sender.pack()
    option = sender.place()
    amazon.simulator.will_answer("generateTransportationOptions", "many_options")
    before = amazon.simulator.calls["listTransportationOptions"]

    offers = sender.offer(option)

    assert len({one["transportationOptionId"] for one in offers}) == 1377
    assert amazon.simulator.calls["listTransportationOptions"] - before == 69
    assert offers[-1]["shippingSolution"] == "AMAZON_PARTNERED_CARRIER"


def test_an_amount_can_be_template_text(amazon, sender):
    sender.create()
    sender.pack()
    option = sender.place()
    amazon.simulator.will_answer("generateTransportationOptions", "template_amount")

    amounts = {one["quote"]["cost"]["amount"] for one in sender.offer(option) if "quote" in one}

    assert amounts == {"$cost.amount"}


def test_cancelling_is_free_for_a_day_and_impossible_once_the_goods_have_left(
    amazon, sender, clock
):
    sender.send()
    clock.at += 25 * 3600
    amazon.renew()
    late = sender.run("cancelInboundPlan", sender.plan)
    sender.send()
    amazon.simulator.pass_days(3)

    gone = amazon.call("cancelInboundPlan", sender.plan)

    assert [one["code"] for one in late["operationProblems"]] == ["ChargesApply"]
    assert late["operationStatus"] == "SUCCESS"
    assert "can no longer be cancelled" in gone.json()["errors"][0]["message"]
