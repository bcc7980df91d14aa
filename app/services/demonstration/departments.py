"""The invented departments: a standing partnership without areas, and what they said in a round of their own.

It closed before what all partnerships said together was published, so that the release has a mirror.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.access import Role
from app.domain.assessment import Answer, AssessmentStatus, Move
from app.domain.questionnaire import DONT_KNOW, Questionnaire
from app.domain.records import AssessmentKey
from app.domain.scoring import score
from app.services.demonstration.calendar import RoundPlan, plan_departments, plan_sittings
from app.services.demonstration.draws import draw, make_id
from app.services.demonstration.places import Organisation, Person, email_of
from app.services.demonstration.words import Departments
from app.store import models
from app.store.assessments import make_frozen_rows
from app.store.bulk import Rows

QUESTIONNAIRE: Final = "departments"
BEFORE: Final = timedelta(days=9)
"""How long before their round everything was entered."""


def invent_departments(words: Departments, now: datetime) -> tuple[Organisation, ...]:
    """Invent the departments with their leads, but for the one that is everywhere in the demonstration."""
    at = plan_departments(now).opens_at - BEFORE
    departments = []
    for name, lead in words.departments.items():
        email = email_of(lead, name)
        person = Person(make_id(at, "person", email), lead, email)
        departments.append(Organisation(make_id(at, "organisation", name), name, "department", (person,), (), person))
    return tuple(departments)


def add_departments(rows: Rows, words: Departments, questionnaire: Questionnaire, now: datetime) -> None:
    """Add the departments with their people, the partnership, the round and what each submitted in it.

    The department that partnerships ask something of is there already, and takes part.
    """
    plan = plan_departments(now)
    at = plan.opens_at - BEFORE
    department_id = _find_department(rows)
    leads = {department_id: _find_lead(rows, department_id)}
    for department in invent_departments(words, now):
        _add_department(rows, at, department)
        leads[department.id] = department.people[0].id
    partnership_id = make_id(at, "partnership", words.name)
    round_id = make_id(at, "round", plan.key)
    edition = {
        "questionnaire_id": questionnaire.id,
        "questionnaire_version": questionnaire.version,
        "questionnaire_hash": questionnaire.hash,
    }
    rows.add(models.Partnership, id=partnership_id, name=words.name)
    rows.add(
        models.Round,
        id=round_id,
        title=plan.title,
        sign_off="nobody",
        **edition,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        confirmed_at=plan.opens_at - timedelta(days=7),
        closed_at=plan.closes_at,
        release_at=None,
    )
    rows.add(models.RoundPartnership, partnership_id=partnership_id, round_id=round_id)
    for department_id, lead in leads.items():
        rows.add(models.PartnershipOrganisation, partnership_id=partnership_id, organisation_id=department_id)
        owner = {"round_id": round_id, "organisation_id": department_id, **edition}
        _add_assessment(rows, words, questionnaire, plan, partnership_id, lead, owner)
    _add_role(rows, at, lead, Role.COORDINATOR, partnership_id=partnership_id)


def _find_department(rows: Rows) -> UUID:
    (found,) = (row["id"] for row in rows.of(models.Organisation) if row["kind"] == "department")
    return UUID(str(found))


def _find_lead(rows: Rows, department_id: UUID) -> UUID:
    (found,) = (row["person_id"] for row in rows.of(models.Membership) if row["organisation_id"] == department_id)
    return UUID(str(found))


def _add_department(rows: Rows, at: datetime, department: Organisation) -> None:
    """Add a department with its lead."""
    (lead,) = department.people
    rows.add(models.Organisation, id=department.id, name=department.name, kind=department.kind)
    rows.add(models.Person, id=lead.id, name=lead.name, email=lead.email)
    _add_role(rows, at, lead.id, Role.LEAD, organisation_id=department.id)


def _add_role(
    rows: Rows,
    at: datetime,
    person_id: UUID,
    role: Role,
    organisation_id: UUID | None = None,
    partnership_id: UUID | None = None,
) -> None:
    where = organisation_id or partnership_id
    rows.add(
        models.Membership,
        id=make_id(at, "membership", str(person_id), role, str(where)),
        person_id=person_id,
        role=role.value,
        organisation_id=organisation_id,
        partnership_id=partnership_id,
    )


def _add_assessment(
    rows: Rows,
    words: Departments,
    questionnaire: Questionnaire,
    plan: RoundPlan,
    partnership_id: UUID,
    lead: UUID,
    owner: dict[str, Any],
) -> None:
    """Add what one department answered, in the order of the questions, and submitted."""
    name = str(owner["organisation_id"])
    answers = _draw_answers(words, questionnaire, name)
    chance = draw("departments", "times", name)
    times = plan_sittings(chance, plan.opens_at, plan.closes_at, len(answers))
    started_at, submitted_at = times[0] - timedelta(seconds=20), times[-1] + timedelta(minutes=chance.randint(2, 30))
    key = AssessmentKey(partnership_id, make_id(started_at, "assessment", plan.key, name))
    rows.add(
        models.Assessment,
        partnership_id=partnership_id,
        id=key.assessment_id,
        **owner,
        status=AssessmentStatus.SUBMITTED.value,
        started_at=started_at,
        started_by=lead,
        submitted_at=submitted_at,
        submitted_by=lead,
        signed_off_at=None,
        signed_off_by=None,
    )
    for (question, answer), answered_at in zip(answers.items(), times, strict=True):
        rows.add(
            models.AnswerVersion,
            partnership_id=partnership_id,
            assessment_id=key.assessment_id,
            question_id=question,
            version=1,
            choice=answer.choice,
            reason=answer.reason,
            note=answer.note,
            evidence_kind=answer.evidence_kind,
            evidence_link=answer.evidence_link,
            author_id=lead,
            answered_at=answered_at,
        )
    scores = score(questionnaire, answers)
    snapshot, enablers, questions = make_frozen_rows(key, 1, answers, scores, lead, submitted_at)
    rows.add(models.Snapshot, **snapshot)
    rows.add(
        models.AssessmentMove,
        partnership_id=partnership_id,
        assessment_id=key.assessment_id,
        number=1,
        move=Move.SUBMIT.value,
        reason="",
        person_id=lead,
        made_at=submitted_at,
    )
    rows.extend(models.FrozenEnablerScore, enablers)
    rows.extend(models.FrozenQuestionScore, questions)


def _draw_answers(words: Departments, questionnaire: Questionnaire, name: str) -> dict[str, Answer]:
    """Draw a level of each question: what departments find easy, what this one does, and chance."""
    chance = draw("departments", "answers", name)
    whole = words.middle + chance.gauss(0, words.departments_differ)
    answers = {}
    for question in questionnaire.questions:
        common = draw("departments", "question", question.id).gauss(0, words.questions_differ)
        steps = whole + common + words.easier.get(question.id, 0) + chance.gauss(0, words.noise)
        levels = questionnaire.framework.scales_by_id[question.scale].levels
        level = levels[min(max(round(steps), 0), len(levels) - 1)].id
        answers[question.id] = Answer(DONT_KNOW if chance.random() < words.dont_know else level)
    return answers
