"""Throws away what nobody needs any more. Runs every hour on the leader."""

from datetime import timedelta

from sqlalchemy import delete

from extensions import db
from inventory.models import ImportDraft, OAuthRequest, OneTimeLink, Submission, SyncRun
from inventory.services import accounts, syncs

KEEP_RUNS = timedelta(days=90)
#: A form may be sent again for so long and gets its first answer.
KEEP_SUBMISSIONS = timedelta(days=2)
KEEP_LINKS = timedelta(days=1)
KEEP_DRAFTS = timedelta(days=1)


def clean_up() -> None:
    """Delete old runs, answers to forms, links that have expired, files not imported. Commits."""
    now = accounts.now()
    for rows in (
        delete(SyncRun).where(
            SyncRun.state.not_in(syncs.UNDER_WAY), SyncRun.queued_at < now - KEEP_RUNS
        ),
        delete(Submission).where(Submission.at < now - KEEP_SUBMISSIONS),
        delete(OneTimeLink).where(OneTimeLink.expires_at < now - KEEP_LINKS),
        delete(ImportDraft).where(ImportDraft.created_at < now - KEEP_DRAFTS),
        delete(OAuthRequest).where(OAuthRequest.created_at < now - KEEP_LINKS),
    ):
        db.session.execute(rows, execution_options={"synchronize_session": False})
        db.session.commit()
