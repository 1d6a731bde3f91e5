"""Files between their dry run and their import, kept for a day for the person who sent them."""

import re

import sqlalchemy as sa

from extensions import db
from inventory.models import ImportDraft
from inventory.services import accounts

#: Characters of a file's name.
LONGEST_NAME = 120
#: Controls, halves of letters, and the marks that turn the direction of text.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: Files waiting, of one person.
MOST_WAITING = 5


class DraftGone(Exception):
    """The file was brought in or forgotten meanwhile."""


def keep(
    kind: str, name: str, content: bytes, *, user_id: int, order_id: int | None = None
) -> ImportDraft:
    """Keep a file for its dry run; of older ones of the same person the last few stay. Flushes."""
    draft = ImportDraft(
        kind=kind,
        name=clean_name(name),
        content=content,
        user_id=user_id,
        order_id=order_id,
        created_at=accounts.now(),
    )
    db.session.add(draft)
    db.session.flush()
    newest = (
        sa.select(ImportDraft.id)
        .where(ImportDraft.user_id == user_id)
        .order_by(ImportDraft.id.desc())
        .limit(MOST_WAITING)
    )
    ids = db.session.scalars(newest).all()
    old = sa.delete(ImportDraft).where(ImportDraft.user_id == user_id, ImportDraft.id.not_in(ids))
    db.session.execute(old, execution_options={"synchronize_session": False})
    return draft


def find(
    draft_id: int, kind: str, *, user_id: int, order_id: int | None = None
) -> ImportDraft | None:
    """Return the file if it is this person's and of this kind."""
    return db.session.scalar(
        sa.select(ImportDraft)
        .options(sa.orm.undefer(ImportDraft.content))
        .where(
            ImportDraft.id == draft_id,
            ImportDraft.kind == kind,
            ImportDraft.user_id == user_id,
            ImportDraft.order_id.is_not_distinct_from(order_id),
        )
    )


def take(draft: ImportDraft) -> None:
    """Let the file be brought in once: it goes, in the caller's transaction.

    Raises ``DraftGone`` when somebody else took it meanwhile.
    """
    gone = sa.delete(ImportDraft).where(ImportDraft.id == draft.id).returning(ImportDraft.id)
    found = db.session.scalar(gone, execution_options={"synchronize_session": False})
    if found is None:
        raise DraftGone(draft.name)
    db.session.expunge(draft)


def clean_name(name: str) -> str:
    """Return a file's name without folders and signs that no name should have."""
    last = re.split(r"[\\/]", name)[-1]
    plain = re.sub(
        r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", last
    )
    plain = re.sub(r'[<>:"|?*;]', "-", plain).strip(" .")
    if len(plain) > LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        ending = ending[:10] if dot else ""
        plain = f"{(stem or plain)[: LONGEST_NAME - 11]}{dot and '.'}{ending}"
    return plain or "file"
