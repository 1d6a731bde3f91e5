"""The shapes of answer: a page, the fragment of it that htmx asked for, a table as a file."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, render_template, stream_with_context
from htmx_flask import make_response, request

from blueprints.workbooks import xlsx_response

#: A cell that starts so would be run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def wants_fragment() -> bool:
    """Return True when the answer replaces a part of a page that the browser already shows.

    A history restore and a boosted link also come from htmx, but both need a whole page.
    """
    hx = request.htmx
    return bool(hx) and not hx.boosted and not hx.history_restore_request


def page_or_fragment(
    page: str,
    fragment: str,
    *,
    status: int = 200,
    toast: str | None = None,
    **context: object,
) -> Response:
    """Render ``page``, or only ``fragment`` (a template that ``page`` includes) for htmx.

    ``toast`` is a sentence to show in passing; only htmx answers carry it.
    """
    html = render_template(fragment if wants_fragment() else page, **context)
    response: Response = make_response(html, status, trigger={"toast": toast} if toast else None)
    response.vary.add("HX-Request")
    return response


def table_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return ``rows`` as the file that the address asks for: it ends in .xlsx, else it is CSV."""
    answer = xlsx_response if request.path.endswith(".xlsx") else csv_response
    return answer(name, header, rows)


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Stream ``rows`` as the file ``name``.csv; ``None`` is an empty cell.

    Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP).
    """
    body = stream_with_context(_csv_chunks(header, rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(body, mimetype="text/csv", headers=headers)


def _csv_chunks(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    for count, row in enumerate(rows, 1):
        writer.writerow([_cell(value) for value in row])
        if count % 500 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
