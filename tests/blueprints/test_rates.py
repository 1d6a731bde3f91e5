"""/settings/rates"""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from extensions import db
from inventory.models import Account, Change, ExchangeRate, Role
from inventory.services import accounts
from tests.factories import LONG_AGO, make_order, saved

PAGE = "/settings/rates"


def make_rate(code: str = "USD", days_ago: int = 0, **fields: object) -> ExchangeRate:
    defaults = {
        "currency": code,
        "day": accounts.today() - timedelta(days=days_ago),
        "per_euro": Decimal("1.0412"),
        "source": "ecb",
        "stored_at": LONG_AGO,
    }
    return saved(ExchangeRate(**{**defaults, **fields}))


def send(client: FlaskClient, content: str | bytes, name: str = "rates.csv") -> str:
    body = content.encode() if isinstance(content, str) else content
    answer = client.post(f"{PAGE}/file", data={"file": (io.BytesIO(body), name)})
    assert answer.status_code in (303, 422), answer.status_code
    return client.get(PAGE).text if answer.status_code == 303 else answer.text


def rates() -> dict[tuple[str, str], tuple[Decimal, str]]:
    rows = db.session.scalars(db.select(ExchangeRate))
    return {(row.currency, row.day.isoformat()): (row.per_euro, row.source) for row in rows}


def test_shows_the_newest_rate_of_each_currency_its_day_and_source(client: FlaskClient) -> None:
    make_rate("USD", 1)
    make_rate("USD", 3, per_euro=Decimal(9))
    make_rate("GBP", 0, per_euro=Decimal("0.87"), source="user")
    make_rate("SEK", 12, per_euro=Decimal(11), source="file")

    page = client.get(PAGE).text

    rows = re.findall(r'<th scope="row">(\w+)</th>\s*<td class="n">([\d.]+)</td>', page)
    assert rows == [("GBP", "0.87"), ("SEK", "11"), ("USD", "1.0412")]
    assert "yesterday" in page
    assert "12 days ago, too old for amounts of today" in page
    for source in ("European Central Bank", "From a file", "Entered by hand"):
        assert f"<td>{source}</td>" in page


def test_tells_in_words_which_amounts_cannot_be_converted(client: FlaskClient) -> None:
    make_order(currency="AED", shipping_handling=Decimal(5), created_on=date(2026, 11, 3))

    page = " ".join(client.get(PAGE).text.split())

    assert "No rate of AED for 1 amount of <time" in page


def test_tells_why_the_bank_could_not_be_read(client: FlaskClient) -> None:
    account = db.session.get_one(Account, 1)
    account.rates_problem = "The bank’s server answered 503."
    account.rates_asked_at = datetime.now(UTC)
    db.session.commit()

    page = client.get(PAGE).text

    assert "The bank’s rates could not be read.</b> The bank’s server answered 503." in page


def test_tells_when_reading_is_switched_off(
    make_app: Callable[..., object], client: FlaskClient
) -> None:
    client.application.config["RATES_URL"] = ""

    assert "switched off: RATES_URL is empty" in client.get(PAGE).text


def entered(**changed: str) -> dict[str, str]:
    return {"currency": "USD", "day": "2026-11-03", "per_euro": "1.0815", **changed}


def test_keeps_a_rate_entered_by_hand_and_logs_it(client: FlaskClient) -> None:
    make_rate("USD", day=date(2026, 11, 3))

    answer = client.post(PAGE, data=entered())

    assert answer.status_code == 303
    assert rates() == {("USD", "2026-11-03"): (Decimal("1.0815"), "user")}
    page = client.get(PAGE).text
    assert "The rate of USD is saved." in page
    assert "Rate for one euro: 1.0412 → <b>1.0815</b>" in page


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"per_euro": ""}, "Enter the rate, for example 1.0412."),
        ({"per_euro": "1,08"}, "1,08 is no rate"),
        ({"per_euro": "-1"}, "-1 is no rate"),
        ({"per_euro": "0"}, "0 is no rate"),
        ({"per_euro": "١.٠٨"}, "is no rate"),
        ({"per_euro": "1" * 40}, "is no rate"),
        ({"per_euro": "NaN"}, "NaN is no rate"),
        ({"day": ""}, "Choose the day the rate is of."),
        ({"day": "3 November"}, "3 November is no day"),
        ({"day": "2026-02-30"}, "2026-02-30 is no day"),
        ({"day": "2999-01-01"}, "2999-01-01 is in the future."),
        ({"day": "1998-01-01"}, "There was no euro before 4 January 1999."),
        ({"currency": "EUR"}, "Not a valid choice"),
        ({"currency": "XXX"}, "Not a valid choice"),
    ],
)
def test_refuses_what_is_no_rate_and_keeps_what_was_typed(
    client: FlaskClient, changed: dict[str, str], why: str
) -> None:
    sent = entered(**changed)

    answer = client.post(PAGE, data=sent)

    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{sent["per_euro"]}"' in answer.text
    assert rates() == {}


def test_missing_fields_are_no_error_of_ours(client: FlaskClient) -> None:
    assert client.post(PAGE, data={}).status_code == 422
    assert client.post(PAGE, data=entered(per_euro="  ", day=" ")).status_code == 422
    assert client.post(PAGE, data={"per_euro": ["1", "2"], "day": "x"}).status_code == 422
    assert client.post(f"{PAGE}/file", data={}).status_code == 422
    assert client.post(f"{PAGE}/removal", data={"day": "x"}).status_code == 404


def test_takes_a_list_of_ones_own(client: FlaskClient) -> None:
    page = send(client, "currency,day,rate\nAED,2026-11-03,3.9\nSAR,2026-11-03,4\n")

    assert "2 rates stored, 0 known before." in page
    assert rates() == {
        ("AED", "2026-11-03"): (Decimal("3.9"), "file"),
        ("SAR", "2026-11-03"): (Decimal(4), "file"),
    }


def test_takes_the_banks_history_of_three_years_and_leaves_hand_entered_ones(
    client: FlaskClient,
) -> None:
    make_rate("USD", day=date(2026, 11, 3), source="user", per_euro=Decimal(2))

    page = send(client, "Date,USD,\n2026-11-04,1.04,\n2026-11-03,1.05,\n2001-01-02,0.9,\n")

    assert "1 rate stored, 0 known before. 1 entered by hand stay as they are. 1 older" in page
    assert rates() == {
        ("USD", "2026-11-03"): (Decimal(2), "user"),
        ("USD", "2026-11-04"): (Decimal("1.04"), "file"),
    }


def test_a_file_with_bad_rows_is_not_taken_and_each_is_listed(client: FlaskClient) -> None:
    rows = ["AED,2026-11-03,3.9", "AED,yesterday,3.9", "<b>,2026-11-03,1", "AED,2026-11-04"]

    page = send(client, "\n".join(["currency,day,rate", *rows]))

    assert "3 rows cannot be taken, so nothing was stored." in page
    assert "yesterday is no day" in page
    assert "&lt;b&gt; is no currency code" in page
    assert rates() == {}
    assert db.session.scalars(db.select(Change)).all() == []


def test_refuses_files_of_another_kind(client: FlaskClient) -> None:
    assert "The first row must be currency,day,rate" in send(client, "sku,units\nA,1\n")
    assert "The file is empty." in send(client, "")
    assert "Choose a file." in send(client, "x", name="")


def test_a_form_sent_twice_is_stored_once(client: FlaskClient) -> None:
    for _ in range(2):
        client.post(PAGE, data=entered(submission="one"))

    assert len(db.session.scalars(db.select(Change)).all()) == 1


def test_a_rate_of_hand_is_taken_back_and_the_banks_is_not(client: FlaskClient) -> None:
    make_rate("USD", day=date(2026, 11, 3), source="user")
    make_rate("GBP", day=date(2026, 11, 3))

    answers = [
        client.post(f"{PAGE}/removal", data={"currency": code, "day": "2026-11-03"}).status_code
        for code in ("USD", "GBP", "JPY")
    ]

    assert answers == [303, 404, 404]
    assert list(rates()) == [("GBP", "2026-11-03")]


def test_viewers_read_and_planners_enter(sign_in: Callable[..., FlaskClient]) -> None:
    make_rate("USD", source="user")
    viewer, planner = sign_in(Role.VIEWER), sign_in(Role.PLANNER)

    page = viewer.get(PAGE).text

    assert "In force" in page
    assert "<form" not in page.split('class="stack"')[1]
    assert viewer.post(PAGE, data=entered()).status_code == 403
    assert viewer.post(f"{PAGE}/file").status_code == 403
    assert viewer.post(f"{PAGE}/removal").status_code == 403
    assert planner.post(PAGE, data=entered()).status_code == 303
