"""An assessment with everything that is decided from it: whose it is to answer, and where to go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain import access
from app.domain.access import Actor
from app.domain.assessment import Answer, find_shown, find_unanswered
from app.domain.errors import NotFoundError
from app.domain.questionnaire import Question, Questionnaire
from app.domain.records import AssessmentKey, AssessmentRecord, StoredAnswer
from app.domain.sharing import GivenSection


@dataclass(frozen=True, slots=True)
class LoadedAssessment:
    """An assessment that was started, with its own questionnaire version, its current answers, and who has what."""

    key: AssessmentKey
    record: AssessmentRecord
    questionnaire: Questionnaire
    stored: Mapping[str, StoredAnswer]
    given: Mapping[str, GivenSection]
    """Section id -> to whom it was given. What is not in it is nobody's in particular."""

    @property
    def answers(self) -> dict[str, Answer]:
        """Question id -> current answer."""
        return {question: stored.answer for question, stored in self.stored.items()}

    @property
    def shown(self) -> tuple[Question, ...]:
        """The questions that no condition hides, in order."""
        shown = find_shown(self.questionnaire, self.answers)
        return tuple(question for question in self.questionnaire.questions if question.id in shown)

    def get_question(self, question_id: str) -> Question:
        """Give a question that is shown; raises `NotFoundError`."""
        for question in self.shown:
            if question.id == question_id:
                return question
        raise NotFoundError("There is no such question")

    def find_next(self, question_id: str) -> Question | None:
        """Give the question shown after one that is shown."""
        place = self.shown.index(self.questionnaire.questions_by_id[question_id])
        return next(iter(self.shown[place + 1 :]), None)

    def find_previous(self, question_id: str) -> Question | None:
        """Give the question shown before one that is shown."""
        place = self.shown.index(self.questionnaire.questions_by_id[question_id])
        return self.shown[place - 1] if place else None

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions shown that have no answer, in order: where to go on, on any device."""
        return find_unanswered(self.questionnaire, self.answers)

    def find_holder(self, question_id: str) -> UUID | None:
        """Find the person that the section of a question was given to."""
        given = self.given.get(self.questionnaire.section_of[question_id].id)
        return given.person_id if given else None

    def is_for(self, actor: Actor, question_id: str) -> bool:
        """Say whether it is for somebody to answer a question, while answers may be given."""
        return access.can_answer(actor, self.record.organisation_id, self.find_holder(question_id))

    def list_unanswered_by(self, actor: Actor) -> tuple[Question, ...]:
        """List the questions shown that have no answer and are for somebody to answer, in order."""
        return tuple(question for question in self.unanswered if self.is_for(actor, question.id))
