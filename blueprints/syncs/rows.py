"""The rows of the list of sync runs."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from blueprints import cells, states
from blueprints.presentation import moment, today, zone

CAUSES = {"schedule": "by the timetable", "first": "first sync", "person": "asked for"}


def run_rows(found: Sequence[Any], root: str) -> Markup:
    """Return the rows of a page; ``root`` is what all addresses of the app begin with."""
    root, looks = cells.text(root), states.Statuses()
    here, on = zone(), today()
    return cells.joined(
        _row(row, root, looks[states.run_word(row)], moment(row.started_at, here, on))
        for row in found
    )


def _row(row: Any, root: str, look: Markup, started: Markup) -> str:
    cause = cells.text(CAUSES.get(row.cause, row.cause))
    return (
        f'<tr><th scope="row"><a href="{root}/activity/runs/{row.id}">{cells.text(_what(row))}</a>'
        f"<small>{cells.text(row.connection)}, {cause}</small></th>"
        f"<td>{look}{cells.small(row.message)}</td>"
        f'<td class="p2">{started}</td>'
        f'<td class="n p2">{_took(row)}</td>'
        f'<td class="n p3">{row.created}</td>'
        f'<td class="n p3">{row.changed}</td>'
        f'<td class="n p3">{row.unchanged}</td>'
        f'<td class="n p3">{row.calls}</td>'
        f'<td class="n p3">{row.throttled}</td></tr>'
    )


def _what(row: Any) -> str:
    kind = row.kind.capitalize()
    return f"{kind}, everything" if row.scope == "full" else f"{kind} {row.scope}".strip()


def _took(row: Any) -> str:
    if not (row.started_at and row.finished_at):
        return "–"
    return str(round((row.finished_at - row.started_at).total_seconds(), 1))
