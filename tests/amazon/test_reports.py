"""Reports; the numbers are those of the list of known traps."""

import pytest

from amazon.types import ReportDocument
from tests.amazon.fake import Answer, World


def test_19_the_token_of_reports_comes_alone() -> None:
    first = Answer(200, {"reports": [{"reportId": "1"}], "nextToken": "a/b="})
    world = World(first, Answer(200, {"reports": [{"reportId": "2"}]}))

    list(world.client.get_reports(report_types=["GET_X"]))

    assert world.adapter.queries == [
        {"reportTypes": "GET_X", "pageSize": "100"},
        {"nextToken": "a/b="},
    ]


@pytest.mark.parametrize("status", ["CANCELLED", "FATAL", "IN_QUEUE"])
def test_20_a_report_without_a_file_says_why_and_has_no_rows_to_offer(status: str) -> None:
    world = World(Answer(200, {"reportId": "1", "processingStatus": status}))

    report = world.client.get_report(report_id="1")

    assert (report.status, report.document_id) == (status, None)


def test_22_the_text_of_a_report_may_have_lost_letters() -> None:
    text = "seller-sku\titem-name\nS1\tFüße ???\n".encode("cp1252")
    world = World(Answer(200, text))
    document = ReportDocument("d", "https://x.amazonaws.com/f", None)

    assert next(world.client.download_listings(document))[0].title == "Füße ???"
