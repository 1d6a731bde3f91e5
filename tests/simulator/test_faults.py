import gzip

import pytest
import requests

from simulator import SimulatorTransport, create_simulator
from simulator.faults import CANNED
from simulator.serving import SimulatorServer
from tests.simulator.conftest import US, Caller

PATH = "/sellers/v1/marketplaceParticipations"


def ask(amazon: Caller, *answers: str | int) -> requests.Response:
    """One unchecked call: scripted faults need not fit the models."""
    amazon.simulator.will_answer("getMarketplaceParticipations", *answers)
    return amazon.http.get("https://na.simulator.invalid" + PATH, timeout=(5, 60))


def test_answers_come_in_the_scripted_order_then_as_usual(amazon):
    amazon.simulator.will_answer("getMarketplaceParticipations", "ok", 503, 429, 200)

    url = "https://na.simulator.invalid" + PATH
    assert [amazon.http.get(url).status_code for _ in range(5)] == [200, 503, 429, 200, 200]


@pytest.mark.parametrize(
    ("answer", "status", "content_type"),
    [
        ("html", 503, "text/html"),
        ("html200", 200, "text/html"),
        ("empty200", 200, "application/json"),
        ("errors200", 200, "application/json"),
        ("throttled", 429, "application/json"),
        (500, 500, "application/json"),
        (404, 404, "application/json"),
    ],
)
def test_each_canned_answer_has_its_status_and_type(amazon, answer, status, content_type):
    found = ask(amazon, answer)

    assert found.status_code == status
    assert found.headers["Content-Type"].startswith(content_type)


def test_the_details_tell_an_expired_token_from_a_revoked_one_and_a_missing_role(amazon):
    details = [
        ask(amazon, word).json()["errors"][0]["details"]
        for word in ("expired_token", "revoked", "missing_role")
    ]

    assert "expired" in details[0]
    assert "revoked" in details[1]
    assert details[2] == ""


def test_network_faults_raise_what_requests_raises(amazon):
    with pytest.raises(requests.ReadTimeout):
        ask(amazon, "timeout")
    with pytest.raises(requests.ConnectionError):
        ask(amazon, "reset")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(amazon, "cut")


def test_a_download_can_be_a_broken_archive(amazon):
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
    report_id = amazon.call("createReport", body=body).json()["reportId"]
    amazon.clock.at += 9
    document = amazon.call("getReport", report_id).json()["reportDocumentId"]
    url = amazon.call("getReportDocument", document).json()["url"]
    amazon.simulator.will_answer("download", "bad_gzip")
    http = requests.Session()
    http.mount("https://", SimulatorTransport(amazon.simulator))

    broken, whole = http.get(url).content, http.get(url).content

    with pytest.raises(EOFError):
        gzip.decompress(broken)
    assert gzip.decompress(whole)


def test_an_unknown_answer_is_refused_when_scripted(amazon):
    with pytest.raises(ValueError, match="unknown answer 'nonsense'"):
        amazon.simulator.will_answer("getShipments", "nonsense")


def test_an_unknown_operation_cannot_be_scripted(amazon):
    with pytest.raises(ValueError, match="unknown operation 'getShipment_s'"):
        amazon.simulator.will_answer("getShipment_s", 503)


def test_calls_are_counted_per_operation(amazon):
    amazon.inventory()
    amazon.inventory()
    assert amazon.simulator.calls["getInventorySummaries"] == 2
    assert amazon.simulator.calls["token"] == 1

    amazon.simulator.reset_calls()
    assert not amazon.simulator.calls


def test_the_control_page_scripts_passes_days_and_counts(amazon):
    url = "https://simulator.invalid/simulator/control"
    before = amazon.http.get(url).json()
    wish = {"operation": "getShipments", "answers": [503], "pass_days": 2, "limits": True}

    after = amazon.http.post(url, json=wish).json()
    broken = amazon.http.post(url, json={"operation": "getShipments", "answers": ["nonsense"]})

    assert after["hour"] == before["hour"] + 48
    assert after["limits"] is True
    assert after["calls"] == {"token": 1}
    assert broken.status_code == 400
    path = "https://na.simulator.invalid/fba/inbound/v0/shipments"
    assert amazon.http.get(path).status_code == 503


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_served_simulator_does_the_same_on_a_socket(amazon):
    server = SimulatorServer(create_simulator(amazon.simulator))
    server.start()
    url = server.url + PATH
    http = requests.Session()
    http.headers["x-amz-access-token"] = str(amazon.http.headers["x-amz-access-token"])
    try:
        amazon.simulator.will_answer(
            "getMarketplaceParticipations", "ok", "reset", "cut", "timeout"
        )
        assert http.get(url, timeout=5).json()["payload"]
        with pytest.raises(requests.ConnectionError):
            http.get(url, timeout=5)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            http.get(url, timeout=5)
        with pytest.raises(requests.ReadTimeout):
            http.get(url, timeout=0.2)
    finally:
        http.close()
        server.stop()


def test_every_canned_answer_can_be_scripted(amazon):
    for name in CANNED:
        assert ask(amazon, name).status_code == CANNED[name].status
