"""Labels, freight papers, windows and tracking: what is given, and what is refused."""

import re

import pytest

from simulator import paper
from tests.simulator.conftest import US
from tests.simulator.sending import OWN_PARCEL, PARTNERED_PARCEL, PLAIN, Sender

LABELS = {"PageType": "PackageLabel_Thermal", "LabelType": "UNIQUE"}


@pytest.fixture
def sender(amazon) -> Sender:
    return Sender(amazon)


def fba(sender: Sender, option: dict) -> str:
    return sender.shipment(option["shipmentIds"][0])["shipmentConfirmationId"]


def pages(amazon, link: str) -> list[str]:
    """The second line of each page of a paper: which label it is."""
    token = amazon.http.headers.pop("x-amz-access-token")
    text = amazon.http.get(link).content.decode("latin-1")
    amazon.http.headers["x-amz-access-token"] = token
    return re.findall(r"T\*\n\((.*?)\) Tj T\*\n\(SIMULATED", text)


def labels(amazon, *path, **query) -> list[str]:
    answer = amazon.call("getLabels", *path, **{**LABELS, **query})
    return pages(amazon, answer.json()["payload"]["DownloadURL"])


def test_there_is_a_label_for_every_box_or_for_those_asked_for(amazon, sender):
    shipment = fba(sender, sender.send())
    every = [f"{shipment}U{number:06d}" for number in range(1, 9)]

    assert labels(amazon, shipment) == every
    assert labels(amazon, shipment, PackageLabelsToPrint=",".join(every[2:4])) == every[2:4]
    assert labels(amazon, shipment, PageSize=3, PageStartIndex=6) == every[6:]
    assert len(labels(amazon, shipment, LabelType="PALLET", NumberOfPallets=2)) == 8


def test_a_long_list_of_labels_is_whole_as_well(amazon, sender):
    sender.create(*[sender.item(index, 240) for index in PLAIN])
    sender.pack(boxes=(80, 40))
    option = sender.place()
    offers = sender.offer(option)
    body = sender.choose(offers, *PARTNERED_PARCEL)
    sender.succeed("confirmTransportationOptions", sender.plan, body=body)

    found = labels(amazon, fba(sender, option))

    assert len(set(found)) == 120
    assert found[-1].endswith("U000120")


@pytest.mark.parametrize(
    "query",
    [
        {"PackageLabelsToPrint": "FBA0U000001"},
        {"LabelType": "PALLET"},
        {"PageType": "PackageLabel_A5"},
        {"NumberOfPallets": "two"},
    ],
)
def test_labels_that_cannot_be_are_refused(amazon, sender, query):
    shipment = fba(sender, sender.send())

    assert amazon.call("getLabels", shipment, **{**LABELS, **query}).status_code == 400


def test_labels_need_transport_and_an_fba_id(amazon, sender):
    sender.create()
    sender.pack()
    option = sender.place()

    early = amazon.call("getLabels", fba(sender, option), **LABELS)
    wrong = amazon.call("getLabels", option["shipmentIds"][0], **LABELS)

    assert "Transport must be confirmed" in early.json()["errors"][0]["message"]
    assert wrong.json()["errors"][0]["code"] == "Invalid Input"


def test_a_shipment_of_the_story_has_labels_too(amazon):
    shipment = amazon.shipments(ShipmentStatusList="WORKING")[0]["ShipmentId"]

    assert len(labels(amazon, shipment)) == 3


def test_thermal_item_labels_have_a_size(amazon, sender):
    rows = [{"msku": sender.item(0)["msku"], "quantity": 2}]
    body = {"marketplaceId": US, "mskuQuantities": rows, "labelType": "THERMAL_PRINTING"}

    bare = amazon.call("createMarketplaceItemLabels", body=body)
    sized = amazon.call("createMarketplaceItemLabels", body={**body, "width": 100, "height": 50})

    assert (bare.status_code, sized.status_code) == (400, 200)
    assert pages(amazon, sized.json()["documentDownloads"][0]["uri"])[0].endswith(" x 2")


def test_a_paper_is_a_pdf_whose_table_leads_to_its_parts():
    file = paper.pdf([["One (1)", "back\\slash", "日本"], ["Two"]])

    start = int(re.search(rb"startxref\n(\d+)", file)[1])
    rows = re.findall(rb"(\d{10}) 00000 n ", file[start:])
    assert file[start:].startswith(b"xref\n0 8\n")
    assert all(
        file[int(row) :].startswith(b"%d 0 obj\n" % number) for number, row in enumerate(rows, 1)
    )
    assert b"(One \\(1\\)) Tj" in file
    assert b"(??) Tj" in file
    for length, body in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", file, re.DOTALL):
        assert int(length) == len(body)


def test_windows_can_be_blocked_and_expire(amazon, sender, clock):
    sender.create()
    sender.pack()
    option = sender.place()
    [shipment] = option["shipmentIds"]
    early = amazon.call("generateDeliveryWindowOptions", sender.plan, shipment)
    sender.offer(option)
    sender.succeed("generateDeliveryWindowOptions", sender.plan, shipment)
    windows = sender.rows("listDeliveryWindowOptions", sender.plan, shipment)
    ids = {one["availabilityType"]: one["deliveryWindowOptionId"] for one in windows}

    def confirm(window: str) -> str:
        answer = amazon.call("confirmDeliveryWindowOptions", sender.plan, shipment, window)
        return answer.json()["errors"][0]["message"]

    blocked = confirm(ids["BLOCKED"])
    clock.at += 25 * 3600
    amazon.renew()
    late = confirm(ids["AVAILABLE"])

    assert early.status_code == 400
    assert ("blocked" in blocked, "expired" in late) == (True, True)
    sender.succeed("generateDeliveryWindowOptions", sender.plan, shipment)
    again = sender.rows("listDeliveryWindowOptions", sender.plan, shipment)
    assert not {one["deliveryWindowOptionId"] for one in again} & set(ids.values())


def test_tracking_is_for_own_carriers_and_known_boxes(amazon, sender):
    option = sender.send()
    [shipment] = option["shipmentIds"]
    box = sender.rows("listShipmentBoxes", sender.plan, shipment)[0]["boxId"]

    def tell(box_id: str, plan: str, to: str) -> int:
        items = [{"boxId": box_id, "trackingId": "1Z9"}]
        body = {"trackingDetails": {"spdTrackingDetail": {"spdTrackingItems": items}}}
        return amazon.call("updateShipmentTrackingDetails", plan, to, body=body).status_code

    partnered = tell(box, sender.plan, shipment)
    own_option = own_parcels(sender)
    own = own_option["shipmentIds"][0]

    assert partnered == 400
    assert tell("FBA0U000001", sender.plan, own) == 400
    assert (
        tell(sender.rows("listShipmentBoxes", sender.plan, own)[0]["boxId"], sender.plan, own)
        == 202
    )


def own_parcels(sender: Sender) -> dict:
    sender.create()
    sender.pack()
    option = sender.place()
    offers = sender.offer(option)
    [shipment] = option["shipmentIds"]
    sender.succeed("generateDeliveryWindowOptions", sender.plan, shipment)
    window = sender.rows("listDeliveryWindowOptions", sender.plan, shipment)[0]
    ids = (sender.plan, shipment, window["deliveryWindowOptionId"])
    sender.succeed("confirmDeliveryWindowOptions", *ids)
    body = sender.choose(offers, *OWN_PARCEL)
    sender.succeed("confirmTransportationOptions", sender.plan, body=body)
    return option
