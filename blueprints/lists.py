"""What all lists share at the edge: an address that is read, and links that change one thing."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from flask import Flask, current_app, render_template, request
from flask_login import current_user
from markupsafe import Markup

from blueprints.presentation import day, today
from inventory.services import saved_views
from inventory.services.choices import Choice
from inventory.services.lists import CURSOR_CHARACTERS, Page
from inventory.services.saved_views import Saved

#: A chip: what is on, its value, and the address without it.
Chip = tuple[str, str, str]
#: Parts of an address that belong to the page shown and end with any other change.
PASSING = ("at", "totals")
BIGGEST_ID = 2**31 - 1
NO_ROWS = Page((), None, None)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a list as it was asked for: its path and what is on, blanks left out."""

    path: str
    args: Mapping[str, str]

    def __hash__(self) -> int:
        return hash((self.path, *self.args.items()))

    def __getitem__(self, name: str) -> str:
        return self.args.get(name, "")

    def number(self, name: str) -> int | None:
        """Return the id given as ``name``; ``None`` when there is none or it is no id."""
        text = self[name]
        fits = text.isascii() and text.isdigit() and len(text) < 11
        return int(text) if fits and int(text) <= BIGGEST_ID else None

    def day(self, name: str) -> date | None:
        """Return the date given as ``name``; ``None`` when there is none or it is no date."""
        try:
            return date.fromisoformat(self[name])
        except ValueError:
            return None

    def but(self, **changes: str) -> str:
        """Return this address with ``changes``; a blank takes a part away."""
        args = {name: text for name, text in self.args.items() if name not in PASSING}
        return _joined(self.path, {**args, **changes})

    def at(self, cursor: str) -> str:
        """Return the address of the page at ``cursor``."""
        return _joined(self.path, {**self.args, "at": cursor, "totals": ""})

    @property
    def query(self) -> str:
        """Return what is on as a query, without the page shown."""
        args = {name: text for name, text in self.args.items() if name not in PASSING}
        return _joined("", args).removeprefix("?")

    def file(self, path: str) -> str:
        """Return the address of ``path`` (the same list in another shape) with what is on."""
        args = {name: text for name, text in self.args.items() if name not in PASSING}
        return _joined(path, args)


@dataclass(frozen=True, slots=True)
class Field:
    """A filter: a select of ``options`` (value, text), or a ``kind`` of input for ``None``."""

    name: str
    label: str
    options: Sequence[tuple[str, str]] | None = None
    kind: str = "date"

    def __post_init__(self) -> None:
        if self.options is not None:
            object.__setattr__(self, "options", tuple(self.options))  # to be hashable

    def said(self, here: Address) -> str:
        """Return the value as people say it."""
        text = here[self.name]
        if self.options is None:
            return day(found) if (found := here.day(self.name)) else text
        return dict(self.options).get(text, text)


@dataclass(frozen=True, slots=True)
class ListView:
    """All that the templates of a list need besides its rows."""

    address: Address
    page: Page
    view: str
    views: Sequence[tuple[str, str]]
    sort: str
    noun: str
    placeholder: str
    fields: Sequence[Field]
    saved: Sequence[Saved] = ()
    #: (name, label) of the columns that may be hidden, in order.
    columns: Sequence[tuple[str, str]] = ()
    #: Columns before those.
    lead: int = 1

    @property
    def chips(self) -> list[Chip]:
        """Return what is on: search and filters, each with the address without it."""
        search = Field("q", "Search", kind="text")
        on = [field for field in (search, *self.fields) if self.address[field.name]]
        return [
            (field.label, field.said(self.address), self.address.but(**{field.name: ""}))
            for field in on
        ]

    @property
    def is_narrowed(self) -> bool:
        """Return whether rows are missing because of what is on, not because there are none."""
        return any(self.address[field.name] for field in self.fields) or bool(self.address["q"])

    def shows(self, column: str) -> bool:
        """Return whether a column is shown: all are, unless the address names some."""
        chosen = {one for one in self.address["cols"].split(",") if one in dict(self.columns)}
        return not chosen or column in chosen

    @property
    def hiding(self) -> str:
        """Return the classes of a table that hide its columns: "no-3 no-5"."""
        numbered = enumerate(self.columns, self.lead + 1)
        return " ".join(f"no-{at}" for at, (name, _) in numbered if not self.shows(name))

    def sort_link(self, name: str) -> str:
        """Return the address sorted by ``name``; sorted by it already, the other way round."""
        return self.address.but(sort=f"-{name}" if self.sort == name else name)

    def sorted_by(self, name: str) -> str:
        """Return the ``aria-sort`` of a column: "ascending", "descending" or ""."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "")


def init_app(app: Flask) -> None:
    """Give templates ``narrowing(list)``; each app keeps the drawings of its own lists."""
    app.extensions["narrowings"] = lru_cache(maxsize=256)(_draw)
    app.jinja_env.globals["narrowing"] = narrowing


def narrowing(view: ListView) -> Markup:
    """Return views and filters of a list: the same for all rows, so drawn once per address."""
    drawn: Markup = current_app.extensions["narrowings"](
        replace(view, page=NO_ROWS, fields=tuple(view.fields)), today().year
    )
    return drawn


def _draw(view: ListView, _year: int) -> Markup:
    """Draw it. Dates of another year are shown with it, so the year is one of the arguments."""
    return Markup(render_template("lists/_narrowing.html", list=view))  # noqa: S704 - Jinja escaped it


def address(*known: str) -> Address:
    """Return the address of this request, with the parts in ``known`` and those of any list."""
    names = ("view", "q", *known, "sort", "cols", *PASSING)
    args = ((name, _clean(_given(name), name)) for name in names)
    path = request.path.removesuffix(".csv").removesuffix(".xlsx")
    path = path.removesuffix("/lines").removesuffix("/totals")
    return Address(request.script_root + path, {name: text for name, text in args if text})


def saved(here: Address) -> Sequence[Saved]:
    """Return the views of this list that the signed-in user saved."""
    return saved_views.of(current_user.id, here.path.removeprefix(request.script_root))


def _given(name: str) -> str:
    """Columns come one by one from a form, and together from a link."""
    return ",".join(request.args.getlist(name)) if name == "cols" else request.args.get(name, "")


def sorting(here: Address, known: Container[str], default: str) -> str:
    """Return the sort that is on ("expected", "-expected"); an unknown one gives ``default``."""
    return here["sort"] if here["sort"].lstrip("-") in known else default


def options(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """Return rows as the options of a filter, in the order given."""
    return [(str(one.id), one.name) for one in choices]


def _clean(text: str, name: str) -> str:
    """Cut what is too long; a cursor may be longer than what a person types."""
    limit = CURSOR_CHARACTERS if name == "at" else 200
    return text.strip()[:limit]


def _joined(path: str, args: Mapping[str, str]) -> str:
    query = urlencode([(name, text) for name, text in args.items() if text])
    return f"{path}?{query}" if query else path
