"""Where each page is. Ids in the path, the partnership first."""

from uuid import UUID

from app.domain.records import AssessmentKey

START = "/"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
SIGN_IN_WITH_PROVIDER = "/sign-in-with-provider"
BACK_FROM_PROVIDER = f"{SIGN_IN_WITH_PROVIDER}/back"
ACCOUNT = "/account"
CHANGE_ACCOUNT = "/account/change"
DISCARD = "/account/discard"
SIGN_OUT_EVERYWHERE = "/account/sign-out-everywhere"
DEMONSTRATION = "/demonstration"
DEMONSTRATION_MAIL = "/demonstration/mail"
ASSESSMENTS = "/assessments"
ROUNDS = "/rounds"
PARTNERSHIPS = "/partnerships"
ORGANISATIONS = "/organisations"
SET_UP = "/set-up"
SCORING = "/how-scores-are-worked-out"
HELP = "/help"
COOKIES = "/cookies"
ACCESSIBILITY = "/accessibility"
PRIVACY = "/privacy"
OWN_DATA = "/account/data"
AUDIT = "/audit"
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


def evidence(key: AssessmentKey, question_id: str) -> str:
    """The evidence files of a question."""
    return f"{question(key, question_id)}/evidence"


def evidence_file(key: AssessmentKey, question_id: str, file_id: UUID) -> str:
    """One evidence file, to download."""
    return f"{evidence(key, question_id)}/{file_id}"


def remove_evidence(key: AssessmentKey, question_id: str, file_id: UUID) -> str:
    """Where an evidence file is removed."""
    return f"{evidence_file(key, question_id, file_id)}/remove"


def confirm_answer(key: AssessmentKey, question_id: str) -> str:
    """Where an answer of an earlier round is confirmed."""
    return f"{question(key, question_id)}/confirm"


def comments(key: AssessmentKey, question_id: str) -> str:
    """The comments on one question."""
    return f"{question(key, question_id)}/comments"


def barriers(key: AssessmentKey, question_id: str) -> str:
    """Where one says what stands in the way of a gap."""
    return f"{question(key, question_id)}/barriers"


def gap(key: AssessmentKey, question_id: str) -> str:
    """A gap in the report of the newest submission."""
    return f"{report(key)}#gap-{question_id}"


def section(key: AssessmentKey, section_id: str) -> str:
    """Where a section is given to a colleague."""
    return f"{assessment(key)}/sections/{section_id}"


def trust(key: AssessmentKey) -> str:
    """Where an organisation says how far it can rely on its partners."""
    return f"{assessment(key)}/trust"


def take_section_back(key: AssessmentKey, section_id: str) -> str:
    """Where a section is taken back."""
    return f"{section(key, section_id)}/take-back"


def colleagues(organisation_id: UUID) -> str:
    """The people of an organisation, and inviting more."""
    return f"/organisations/{organisation_id}/people"


def check_answers(key: AssessmentKey) -> str:
    """All answers before they are submitted."""
    return f"{assessment(key)}/check-answers"


def submit(key: AssessmentKey) -> str:
    """Where the answers are submitted to."""
    return f"{assessment(key)}/submit"


def submitted(key: AssessmentKey) -> str:
    """The confirmation."""
    return f"{assessment(key)}/submitted"


def report(key: AssessmentKey, form: str = "", submission: int | None = None) -> str:
    """The gap report, as a page or in another form: `json`, `csv`, `pdf`; of the newest submission or of which."""
    query = f"?submission={submission}" if submission else ""
    return f"{assessment(key)}/report" + (f".{form}" if form else "") + query


def history(key: AssessmentKey) -> str:
    """Where an assessment stands, and what has happened to it."""
    return f"{assessment(key)}/history"


def sign_off(key: AssessmentKey) -> str:
    """What was submitted, to be signed off."""
    return f"{assessment(key)}/sign-off"


def request_changes(key: AssessmentKey) -> str:
    """Where a certifier says what is to be changed."""
    return f"{assessment(key)}/request-changes"


def reopen(key: AssessmentKey) -> str:
    """Where a coordinator reopens an assessment."""
    return f"{assessment(key)}/reopen"


def partnership(partnership_id: UUID) -> str:
    """A partnership, for those who coordinate it."""
    return f"/partnerships/{partnership_id}"


def late_entry(partnership_id: UUID, round_id: UUID, organisation_id: UUID) -> str:
    """Where a coordinator lets an organisation enter late."""
    return f"/partnerships/{partnership_id}/rounds/{round_id}/organisations/{organisation_id}/late-entry"


def round_progress(round_id: UUID) -> str:
    """How far a round has come, for central teams."""
    return f"{ROUNDS}/{round_id}"


def whom_to_ask(round_id: UUID) -> str:
    """Who has not finished in a round, and whom to ask."""
    return f"{round_progress(round_id)}/whom-to-ask"


def remind_round(round_id: UUID) -> str:
    """Where a central administrator reminds everybody who has not finished in a round."""
    return f"{round_progress(round_id)}/remind"


def question_list(questionnaire_id: str, version: int) -> str:
    """All questions of a questionnaire version, to print."""
    return f"/questionnaires/{questionnaire_id}/versions/{version}"
