"""Releases of a round: planned, built with their audit, approved for their date, read, withdrawn.

`loading` puts together what a release is made of -> `building` decides it and stores a draft -> `approving` audits it
again, approves and withdraws -> `reading` gives what is published.
"""

from app.services.releasing.approving import (
    AuditedAgain,
    AuditedRelease,
    approve,
    audit_again,
    find_reason_fault,
    get_audited,
    withdraw,
)
from app.services.releasing.building import (
    RoundReleases,
    WithheldCell,
    add_demonstration,
    build_release,
    find_build_fault,
    get_round,
    plan,
)
from app.services.releasing.reading import (
    PublishedRelease,
    ReleasedToPartners,
    RoundStanding,
    find_date,
    find_for_partners,
    find_publishing,
    get_public,
    get_published,
    is_released_to,
    list_all,
    list_public,
    list_public_rounds,
    list_published,
    list_rounds,
)

__all__ = [
    "AuditedAgain",
    "AuditedRelease",
    "PublishedRelease",
    "ReleasedToPartners",
    "RoundReleases",
    "RoundStanding",
    "WithheldCell",
    "add_demonstration",
    "approve",
    "audit_again",
    "build_release",
    "find_build_fault",
    "find_date",
    "find_for_partners",
    "find_publishing",
    "find_reason_fault",
    "get_audited",
    "get_public",
    "get_published",
    "get_round",
    "is_released_to",
    "list_all",
    "list_public",
    "list_public_rounds",
    "list_published",
    "list_rounds",
    "plan",
    "withdraw",
]
