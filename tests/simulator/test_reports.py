import csv
import gzip
from typing import Any

import requests

from simulator import SimulatorTransport
from tests.simulator.conftest import DE, FR, US, Caller

LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"
UNSUPPRESSED = "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"
BY_COUNTRY = "GET_AFN_INVENTORY_DATA_BY_COUNTRY"


def create(amazon: Caller, kind: str, *ids: str, region: str = "na") -> str:
    body = {"reportType": kind, "marketplaceIds": list(ids)}
    return amazon.call("createReport", region=region, body=body).json()["reportId"]


def state(amazon: Caller, report_id: str) -> dict[str, Any]:
    return amazon.call("getReport", report_id).json()


def address(amazon: Caller, report_id: str, region: str = "na") -> str:
    while True:
        report = amazon.call("getReport", report_id, region=region).json()
        if report["processingStatus"] == "DONE":
            break
    document = report["reportDocumentId"]
    return amazon.call("getReportDocument", document, region=region).json()["url"]


def download(amazon: Caller, url: str) -> requests.Response:
    http = requests.Session()
    http.mount("https://", SimulatorTransport(amazon.simulator))
    return http.get(url)


def rows(amazon: Caller, kind: str, *ids: str, region: str = "na") -> list[dict[str, str]]:
    url = address(amazon, create(amazon, kind, *ids, region=region), region)
    answer = download(amazon, url)
    text = gzip.decompress(answer.content).decode(answer.encoding or "utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_a_report_is_queued_worked_on_and_done(amazon):
    report_id = create(amazon, LISTINGS, US)

    states = [state(amazon, report_id)["processingStatus"] for _ in range(4)]

    assert states == ["IN_QUEUE", "IN_PROGRESS", "DONE", "DONE"]


def test_a_report_gets_done_by_time_too(amazon, clock):
    report_id = create(amazon, LISTINGS, US)
    clock.at += 6

    assert state(amazon, report_id)["processingStatus"] == "DONE"


def test_the_listings_file_is_lossy_cp1252(amazon):
    found = rows(amazon, LISTINGS, US)

    truth = amazon.simulator.truth("NA")["listings"]
    assert len({row["seller-sku"] for row in found}) == len(truth)
    assert "Küche-Ø24" in {row["seller-sku"] for row in found}
    assert "??-??-01" in {row["seller-sku"] for row in found}
    units = {row["seller-sku"]: row["quantity"] for row in found if row["quantity"]}
    assert all(int(units[sku]) == truth[sku]["fbm_units"] for sku in units)
    assert any(row["status"] == "Inactive" for row in found)


def test_the_inventory_file_is_the_truth(amazon):
    found = rows(amazon, UNSUPPRESSED, US)

    truth = amazon.simulator.truth("NA")["stock"][US]
    assert {row["sku"]: int(row["afn-fulfillable-quantity"]) for row in found} == {
        sku: row["fulfillable"] for sku, row in truth.items()
    }


def test_the_country_file_splits_the_pool(amazon):
    found = rows(amazon, BY_COUNTRY, DE, FR, region="eu")

    truth = amazon.simulator.truth("EU")["stock"]
    sums: dict[str, int] = {}
    for row in found:
        units = int(row["quantity-for-local-fulfillment"])
        sums[row["seller-sku"]] = sums.get(row["seller-sku"], 0) + units
    assert {row["country"] for row in found} == {"DE", "FR"}
    assert sums == {sku: row["fulfillable"] for sku, row in truth[DE].items()}


def test_asking_again_too_early_ends_in_fatal(amazon, clock):
    create(amazon, UNSUPPRESSED, US)
    again = create(amazon, UNSUPPRESSED, US)
    clock.at += 1801
    later = create(amazon, UNSUPPRESSED, US)
    clock.at += 6

    assert state(amazon, again)["processingStatus"] == "FATAL"
    assert state(amazon, later)["processingStatus"] == "DONE"


def test_a_queued_report_can_be_cancelled_and_a_scripted_one_cancels_itself(amazon):
    report_id = create(amazon, LISTINGS, US)
    assert amazon.call("cancelReport", report_id).status_code == 200
    assert state(amazon, report_id)["processingStatus"] == "CANCELLED"

    amazon.simulator.will_answer("createReport", "report_cancelled")
    own = create(amazon, LISTINGS, US)
    states = [state(amazon, own)["processingStatus"] for _ in range(3)]
    assert states[-1] == "CANCELLED"


def test_the_list_pages_with_the_token_alone(amazon):
    made = [create(amazon, LISTINGS, US) for _ in range(12)]

    first = amazon.call("getReports", reportTypes=LISTINGS).json()
    mixed = amazon.call("getReports", reportTypes=LISTINGS, nextToken=first["nextToken"])
    second = amazon.call("getReports", nextToken=first["nextToken"]).json()

    assert mixed.status_code == 400
    found = [one["reportId"] for one in first["reports"] + second["reports"]]
    assert found == made[::-1]


def test_a_download_address_dies_and_wants_no_token_of_ours(amazon, clock):
    url = address(amazon, create(amazon, LISTINGS, US))

    assert download(amazon, url).status_code == 200
    assert amazon.http.get(url).status_code == 400
    clock.at += 301
    assert download(amazon, url).status_code == 403


def test_a_file_shows_the_moment_it_was_asked_for(amazon):
    url = address(amazon, create(amazon, LISTINGS, US))
    before = download(amazon, url).content
    amazon.clock.at += 60
    amazon.simulator.pass_days(5)

    assert download(amazon, url).content == before


def test_unknown_types_and_reports_are_refused(amazon):
    body = {"reportType": "GET_NOTHING", "marketplaceIds": [US]}

    assert amazon.call("createReport", body=body).status_code == 400
    assert amazon.call("getReport", "1").status_code == 404
