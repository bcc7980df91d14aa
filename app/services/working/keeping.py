"""The jobs of the audit and of privacy: heads kept outside the database, and what was kept long enough removed."""

from datetime import datetime

from app.services import retention, verifying
from app.services.working.means import Means


def keep_heads(means: Means, now: datetime) -> str:
    """Keep the heads of the audit's chains outside the database."""
    moved = verifying.write_heads(means.database, means.outside, now)
    return f"{moved} chains have moved" if moved else ""


def apply_retention(means: Means, now: datetime) -> str:
    """Remove what has been kept for its time."""
    removed = retention.apply(
        means.database, means.outside, now, keep_mail_texts=means.keeps_mails, is_stopped=means.stop.is_set
    )
    return ", ".join(f"{number} {kind} removed" for kind, number in removed.items() if number)
