from datetime import UTC, date, datetime

import pytest

from inventory.rules import icalendar
from inventory.rules.icalendar import Event

STAMP = datetime(2026, 11, 20, 9, 5, 7, tzinfo=UTC)


def test_an_event_is_a_whole_day() -> None:
    event = Event(
        "order-7@stockbridge", date(2026, 12, 31), "480 units", "To A, B", "https://x/1", STAMP
    )

    text = icalendar.calendar("Arrivals", [event])

    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "UID:order-7@stockbridge\r\n" in text
    assert "DTSTAMP:20261120T090507Z\r\n" in text
    assert "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in text
    assert "DESCRIPTION:To A\\, B\r\n" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("two\r\nlines\nhere", "two\\nlines\\nhere"),
        ("x\r\nEND:VCALENDAR", "x\\nEND:VCALENDAR"),
        ("bell\x07 tab\t nul\x00", "bell tab nul"),
        ("Käse 🧀", "Käse 🧀"),
    ],
)
def test_texts_are_escaped(text: str, escaped: str) -> None:
    assert icalendar.escaped(text) == escaped


@pytest.mark.parametrize("line", ["", "short", "x" * 75, "x" * 76, "x" * 500, "ä🧀" * 60])
def test_long_lines_are_folded_and_come_back_whole(line: str) -> None:
    parts = list(icalendar.folded(line))

    assert all(len(part.encode()) <= 75 for part in parts)
    assert "".join([parts[0], *(part.removeprefix(" ") for part in parts[1:])]) == line
    assert len(parts) == 1 or all(part.startswith(" ") for part in parts[1:])
