"""What the options of commands may be."""

from enum import StrEnum


class FileKind(StrEnum):
    """The kinds of file that have a schema."""

    FRAMEWORK = "framework"
    QUESTIONNAIRE = "questionnaire"
    LEARNING = "learning"
    BARRIERS = "barriers"
    TRUST = "trust"
    MIRROR = "mirror"


class ReportForm(StrEnum):
    """The forms a report comes in."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"


class InvitedRole(StrEnum):
    """The roles that people are invited to."""

    CONTRIBUTOR = "contributor"
    LEAD = "lead"
    CERTIFIER = "certifier"
    COORDINATOR = "coordinator"
    CENTRAL_ANALYST = "central-analyst"
    CENTRAL_ADMINISTRATOR = "central-administrator"
