import re
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

from simulator import CREDENTIALS
from tests.simulator.conftest import Caller

BACK = "https://app.invalid/connections/oauth"
CLIENT = {"client_id": CREDENTIALS.client_id, "client_secret": CREDENTIALS.client_secret}


def consent(amazon: Caller, **changes: str) -> requests.Response:
    query = {"application_id": CREDENTIALS.application_id, "state": "s1", "redirect_uri": BACK}
    url = "https://simulator.invalid/apps/authorize/consent"
    return amazon.http.get(url, params={**query, **changes})


def approve(amazon: Caller) -> dict[str, str]:
    page = consent(amazon)
    link = unescape(re.findall(r'id="approve" href="([^"]+)"', page.text)[0])
    answer = amazon.http.get(urljoin(page.url, link), allow_redirects=False)
    location = answer.headers["Location"]
    assert answer.status_code == 302
    assert location.startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def exchange(amazon: Caller, code: str, back: str = BACK) -> requests.Response:
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
    return amazon.token(**grant, **CLIENT)


def test_a_refresh_token_gives_an_access_token_for_an_hour(amazon, clock):
    grant = {"grant_type": "refresh_token", "refresh_token": CREDENTIALS.refresh_token}
    answer = amazon.token(**grant, **CLIENT).json()

    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 3600
    amazon.http.headers["x-amz-access-token"] = answer["access_token"]
    clock.at += 3599
    assert amazon.call("getMarketplaceParticipations").status_code == 200
    clock.at += 1
    expired = amazon.call("getMarketplaceParticipations")
    assert expired.status_code == 403
    assert expired.json()["errors"][0]["details"] == "The access token you provided has expired."


def test_wrong_clients_and_tokens_are_told_apart(amazon):
    grant = {"grant_type": "refresh_token", "refresh_token": CREDENTIALS.refresh_token}
    client = amazon.token(**grant, client_id=CREDENTIALS.client_id, client_secret="wrong")
    token = amazon.token(grant_type="refresh_token", refresh_token="Atzr|stolen", **CLIENT)
    kind = amazon.token(grant_type="password", **CLIENT)

    assert (client.status_code, client.json()["error"]) == (401, "invalid_client")
    assert (token.status_code, token.json()["error"]) == (400, "invalid_grant")
    assert kind.json()["error"] == "unsupported_grant_type"


def test_a_missing_and_a_malformed_access_token_are_refused(amazon):
    amazon.http.headers["x-amz-access-token"] = "Atza|nonsense"
    malformed = amazon.call("getMarketplaceParticipations")
    del amazon.http.headers["x-amz-access-token"]
    missing = amazon.call("getMarketplaceParticipations")

    assert "malformed" in malformed.json()["errors"][0]["details"]
    assert (malformed.status_code, missing.status_code) == (403, 403)


def test_consent_gives_a_code_that_works_once(amazon):
    back = approve(amazon)

    assert back["state"] == "s1"
    assert back["selling_partner_id"] == CREDENTIALS.seller_id
    first = exchange(amazon, back["spapi_oauth_code"])
    assert first.json()["refresh_token"] == CREDENTIALS.refresh_token
    assert exchange(amazon, back["spapi_oauth_code"]).json()["error"] == "invalid_grant"


def test_a_code_dies_after_five_minutes_and_belongs_to_its_address(amazon, clock):
    code = approve(amazon)["spapi_oauth_code"]

    assert exchange(amazon, code, "https://evil.invalid/").status_code == 400
    clock.at += 301
    assert exchange(amazon, code).status_code == 400


def test_the_consent_page_escapes_and_refuses(amazon):
    page = consent(amazon, application_id="<script>alert(1)</script>")

    assert "<script>" not in page.text
    assert "MD5101" in consent(amazon, redirect_uri="javascript:alert(1)").text
    assert consent(amazon, state="").status_code == 400
