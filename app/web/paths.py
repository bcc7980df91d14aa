"""Where each page is. Ids in the path, the partnership first."""

from uuid import UUID

from app.domain.records import AssessmentKey

START = "/"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
DEMONSTRATION = "/demonstration"
ASSESSMENTS = "/assessments"
ROUNDS = "/rounds"
SCORING = "/how-scores-are-worked-out"
API = "/api"


def start_assessment(partnership_id: UUID, round_id: UUID, organisation_id: UUID) -> str:
    """Where an organisation starts its assessment."""
    return f"/partnerships/{partnership_id}/rounds/{round_id}/organisations/{organisation_id}/start"


def assessment(key: AssessmentKey) -> str:
    """The task list of an assessment."""
    return f"/partnerships/{key.partnership_id}/assessments/{key.assessment_id}"


def question(key: AssessmentKey, question_id: str) -> str:
    """One question of an assessment."""
    return f"{assessment(key)}/questions/{question_id}"


def check_answers(key: AssessmentKey) -> str:
    """All answers before they are submitted."""
    return f"{assessment(key)}/check-answers"


def submit(key: AssessmentKey) -> str:
    """Where the answers are submitted to."""
    return f"{assessment(key)}/submit"


def submitted(key: AssessmentKey) -> str:
    """The confirmation."""
    return f"{assessment(key)}/submitted"


def report(key: AssessmentKey, form: str = "") -> str:
    """The gap report, as a page or in another form: `json`, `csv`, `pdf`."""
    return f"{assessment(key)}/report" + (f".{form}" if form else "")


def question_list(questionnaire_id: str, version: int) -> str:
    """All questions of a questionnaire version, to print."""
    return f"/questionnaires/{questionnaire_id}/versions/{version}"
