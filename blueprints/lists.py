"""What all lists share at the edge: an address that is read, and links that change one thing."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import request

from blueprints.presentation import day
from inventory.services.choices import Choice
from inventory.services.lists import CURSOR_CHARACTERS, Page

#: A chip: what is on, its value, and the address without it.
Chip = tuple[str, str, str]
#: Parts of an address that belong to the page shown and end with any other change.
PASSING = ("at", "totals")
BIGGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a list as it was asked for: its path and what is on, blanks left out."""

    path: str
    args: Mapping[str, str]

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

    def file(self, path: str) -> str:
        """Return the address of ``path`` (the same list in another shape) with what is on."""
        args = {name: text for name, text in self.args.items() if name not in PASSING}
        return _joined(path, args)


@dataclass(frozen=True, slots=True)
class Field:
    """A filter: a select of ``options`` (value, text), or a date where they are ``None``."""

    name: str
    label: str
    options: Sequence[tuple[str, str]] | None

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

    @property
    def chips(self) -> list[Chip]:
        """Return what is on: search and filters, each with the address without it."""
        search = Field("q", "Search", None)
        on = [field for field in (search, *self.fields) if self.address[field.name]]
        return [
            (field.label, field.said(self.address), self.address.but(**{field.name: ""}))
            for field in on
        ]

    @property
    def is_narrowed(self) -> bool:
        """Return whether rows are missing because of what is on, not because there are none."""
        return any(self.address[field.name] for field in self.fields) or bool(self.address["q"])

    def sort_link(self, name: str) -> str:
        """Return the address sorted by ``name``; sorted by it already, the other way round."""
        return self.address.but(sort=f"-{name}" if self.sort == name else name)

    def sorted_by(self, name: str) -> str:
        """Return the ``aria-sort`` of a column: "ascending", "descending" or ""."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "")


def address(*known: str) -> Address:
    """Return the address of this request, with the parts in ``known`` and those of any list."""
    names = ("view", "q", *known, "sort", *PASSING)
    args = ((name, _clean(request.args.get(name, ""), name)) for name in names)
    path = request.path.removesuffix(".csv").removesuffix("/lines").removesuffix("/totals")
    return Address(request.script_root + path, {name: text for name, text in args if text})


def sorting(here: Address, known: Container[str], default: str) -> str:
    """Return the sort that is on ("expected", "-expected"); an unknown one gives ``default``."""
    return here["sort"] if here["sort"].lstrip("-") in known else default


def options(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """Return rows as the options of a filter, in the order given."""
    return [(str(one.id), one.name) for one in choices]


def _clean(text: str, name: str) -> str:
    """Take out what no database stores; a cursor may be longer than what a person types."""
    limit = CURSOR_CHARACTERS if name == "at" else 200
    return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()[:limit]


def _joined(path: str, args: Mapping[str, str]) -> str:
    query = urlencode([(name, text) for name, text in args.items() if text])
    return f"{path}?{query}" if query else path
