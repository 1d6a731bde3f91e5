"""Lists as a person likes to see them: filters, sort and columns under a name of their own."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from extensions import db
from inventory.models import SavedView

#: Of one person on one page.
MOST = 20
LONGEST_NAME, LONGEST_QUERY = 60, 1000


class TooMany(Exception):
    """The person has ``MOST`` views on the page already."""


class Saved(NamedTuple):
    """A view as a page lists it; ``query`` without the question mark."""

    id: int
    name: str
    query: str


def of(user_id: int, page: str) -> Sequence[Saved]:
    """Return the person's views of a page ("/shipments"), by name. One statement."""
    rows = db.session.execute(
        sa.select(SavedView.id, SavedView.name, SavedView.query)
        .where(SavedView.user_id == user_id, SavedView.page == page)
        .order_by(SavedView.name)
    )
    return tuple(Saved(*row) for row in rows)


def save(user_id: int, page: str, name: str, query: str) -> None:
    """Keep a view; one of the same name is replaced. Flushes. Raises ``TooMany``."""
    mine = sa.select(SavedView).where(SavedView.user_id == user_id, SavedView.page == page)
    known = db.session.scalars(mine).all()
    view = next((one for one in known if one.name == name), None)
    if view is None:
        if len(known) >= MOST:
            raise TooMany(name)
        view = SavedView(user_id=user_id, page=page, name=name)
        db.session.add(view)
    view.query = query
    db.session.flush()


def delete(view_id: int, *, user_id: int) -> SavedView | None:
    """Delete a view of this person; ``None`` when it is not theirs, or gone. Flushes."""
    view = db.session.get(SavedView, view_id)
    if view is None or view.user_id != user_id:
        return None
    db.session.delete(view)
    db.session.flush()
    return view
