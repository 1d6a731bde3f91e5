"""Showing what saving a form would do, while it is edited: beside the form, and as lists.

A form with the id "settings" asks ``…/consequences`` by GET with its own fields in the query, and
gets ``settings/_consequences.html``; a browser without script posts there and is led to the same
address, which shows the whole page with the form as typed. ``…/consequences/<kind>`` lists the
rows behind a figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import make_response
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from inventory.rules.consequences import Affected, Consequence

#: What a form carries that says nothing about its values, and never belongs in an address.
NOT_VALUES = ("csrf_token", "submission")
#: Rows shown behind a figure.
LIMIT = 500
PAGES = {
    "purchase": ("orders.show_purchase", "order_id"),
    "transfer": ("orders.show_transfer", "order_id"),
    "shipment": ("shipments.show", "shipment_id"),
    "warehouse": ("warehouses.edit", "warehouse_id"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What the templates need: the figures, and where the form asks for them.

    ``trouble`` is a sentence about why the figures are not what would be saved.
    """

    address: str
    consequences: Sequence[Consequence] = ()
    query: str = ""
    trouble: str = ""
    is_edited: bool = False
    taken: frozenset[str] = frozenset()

    @property
    def back(self) -> str:
        """Return the address of the form as it was typed."""
        return f"{self.address}?{self.query}"

    def is_taken(self, offer: str) -> bool:
        return offer in self.taken

    def linked(self, one: Consequence) -> Markup:
        """Return the sentence, its subject leading to the list behind the figure."""
        if not one.kind:
            return escape(one.sentence)
        start = one.link or one.sentence
        before, _, after = one.sentence.partition(start)
        link = Markup('{}<a href="{}/{}?{}">{}</a>{}')
        return link.format(before, self.address, one.kind, self.query, start, after)


def preview(
    address: str,
    consequences: Sequence[Consequence],
    sent: MultiDict[str, str],
    *,
    trouble: str = "",
    is_edited: bool = True,
) -> Preview:
    """Return what to show beside a form whose fields came as ``sent``."""
    fields = [(name, value) for name, value in sent.items(multi=True) if name not in NOT_VALUES]
    taken = frozenset(one.offer for one in consequences if one.offer and one.offer in sent)
    return Preview(address, consequences, urlencode(fields), trouble, is_edited, taken)


def fragment(shown: Preview) -> ResponseReturnValue:
    """Answer the form that is being edited."""
    answer = make_response(render_template("settings/_consequences.html", preview=shown), 200)
    answer.vary.add("HX-Request")
    return answer


def by_address() -> ResponseReturnValue:
    """Lead a form posted without script to the address that shows the same by GET."""
    fields = [(name, value) for name, value in request.form.items(multi=True)]
    kept = urlencode([pair for pair in fields if pair[0] not in NOT_VALUES])
    return redirect(f"{request.script_root}{request.path}?{kept}", 303)


def listing(shown: Preview, title: str, name: str, rows: Iterable[Affected]) -> ResponseReturnValue:
    """Answer with the rows behind a figure."""
    return render_template(
        "settings/consequences.html",
        preview=shown,
        title=title,
        name=name,
        rows=list(rows),
        limit=LIMIT,
        addresses=address_of,
    )


def address_of(row: Affected) -> str:
    """Return the page of what a row is about; "" when there is none."""
    endpoint, argument = PAGES.get(row.subject_kind, ("", ""))
    values: dict[str, Any] = {argument: row.subject_id}
    return url_for(endpoint, **values) if endpoint else ""
