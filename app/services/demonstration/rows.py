"""From an invented world to the rows of the tables: a list of plain values for each."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.domain.assessment import AssessmentStatus, Move
from app.domain.barriers import Barriers
from app.domain.learning import LearningLibrary
from app.domain.questionnaire import Questionnaire
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.domain.scoring import score
from app.services.demonstration.actions import add_actions
from app.services.demonstration.answers import Answering, Sheet, Version, current_answers
from app.services.demonstration.barriers import list_barriers
from app.services.demonstration.calendar import RELEASED_AFTER, RoundPlan, plan_draft, plan_earlier, plan_rounds
from app.services.demonstration.departments import invent_departments
from app.services.demonstration.draws import draw, make_id
from app.services.demonstration.evidence import make_file_row
from app.services.demonstration.exchange import add_exchange, add_marks
from app.services.demonstration.meetings import add_meetings
from app.services.demonstration.notes import NoteBook, Setting, draw_setting, draw_writer
from app.services.demonstration.places import Organisation, Partnership, World, invent
from app.services.demonstration.readiness import Common, draw_common, draw_earlier, draw_sight, took_part_earlier
from app.services.demonstration.systems import add_systems
from app.services.demonstration.words import Words
from app.services.demonstration.world_rows import add_world
from app.store import models
from app.store.assessments import make_frozen_rows
from app.store.bulk import Rows

CLOSED_SHARES: Final = (92, 4, 4)
"""Of 100: submitted, left in progress, never started."""
PACE: Final = 0.75
"""How much sooner than others some partnerships come to it, while a round is open."""
SIGNED_OFF_SHARE: Final = 0.7
"""Share of those who have submitted in the open round whose certifier has signed off."""
LAST_STEP_SHARE: Final = 0.12
"""Share of those in progress that have answered everything and only have to submit."""


class Standing(NamedTuple):
    """How far one organisation has come in a round."""

    answered: int
    submitted: bool
    signed_off: bool = False


def make_rows(
    words: Words,
    questionnaire: Questionnaire,
    now: datetime,
    barriers: Barriers | None = None,
    learning: LearningLibrary | None = None,
) -> Rows:
    """Make the rows of every table."""
    rounds = plan_rounds(now)
    world = invent(words, plan_earlier(now).opens_at)
    rows = Rows()
    add_world(rows, words.people, world)
    making = _Making(words, questionnaire, rounds, now, rows, barriers)
    making.add_rounds(world)
    for partnership in world.partnerships:
        making.add_partnership(partnership)
    for partnership in world.partnerships:  # after all others, so that what is noted there stays as it is without
        making.add_earlier(partnership)
    add_meetings(rows, questionnaire, world, rounds[0])
    add_actions(rows, words.plan, world, invent_departments(words.departments, now), rounds[0], now)
    add_exchange(rows, words.exchange, world, rounds[0], now)
    add_marks(rows, learning, world, rounds[0])
    add_systems(rows, world, now)
    return rows


class _Making:
    """Makes rounds, assessments and what hangs on them."""

    def __init__(
        self,
        words: Words,
        questionnaire: Questionnaire,
        rounds: tuple[RoundPlan, RoundPlan],
        now: datetime,
        rows: Rows,
        barriers: Barriers | None,
    ) -> None:
        self._words = words
        self._barriers = barriers
        self._questionnaire = questionnaire
        self._rounds = rounds
        self._now = now
        self._rows = rows
        self._earlier = plan_earlier(now)
        entered = {plan.key: plan.opens_at - timedelta(days=9) for plan in (self._earlier, *rounds)} | {"draft": now}
        self._round_ids = {key: make_id(at, "round", key) for key, at in entered.items()}
        self._edition = {
            "questionnaire_id": questionnaire.id,
            "questionnaire_version": questionnaire.version,
            "questionnaire_hash": questionnaire.hash,
        }
        self._answering = Answering(words.views, questionnaire, NoteBook(words))

    def add_rounds(self, world: World) -> None:
        """Add the rounds, and one that is still a draft; every partnership takes part in all but the earliest."""
        for plan in (self._earlier, *self._rounds, plan_draft(self._now)):
            round_id = self._round_ids[plan.key]
            confirmed_at = None if plan.key == "draft" else plan.opens_at - timedelta(days=7)
            times = {
                "opens_at": plan.opens_at,
                "closes_at": plan.closes_at,
                "confirmed_at": confirmed_at,
                "closed_at": plan.closes_at if plan.closes_at <= self._now else None,
                "release_at": plan.closes_at + RELEASED_AFTER if plan.closes_at <= self._now else None,
            }
            rule = SignOff.NOBODY if plan.closes_at <= self._now else SignOff.CERTIFIER
            self._rows.add(models.Round, id=round_id, title=plan.title, sign_off=rule.value, **self._edition, **times)
            for partnership in world.partnerships:
                if plan.key != "earlier" or took_part_earlier(self._words.views, partnership):
                    self._rows.add(models.RoundPartnership, partnership_id=partnership.id, round_id=round_id)

    def add_partnership(self, partnership: Partnership) -> None:
        """Add all assessments of a partnership, in the closed round and the open one."""
        setting = draw_setting(self._words.views, partnership)
        common = draw_common(self._words.views, self._questionnaire, partnership)
        for organisation in partnership.organisations:
            self._add_organisation(partnership, organisation, setting, common)

    def add_earlier(self, partnership: Partnership) -> None:
        """Add the assessments of a partnership in the round before the closed one, if it took part."""
        views, questionnaire, plan = self._words.views, self._questionnaire, self._earlier
        if not took_part_earlier(views, partnership):
            return
        setting, common = draw_setting(views, partnership), draw_common(views, questionnaire, partnership)
        for organisation in partnership.organisations:
            sight = draw_sight(views, questionnaire, common, partnership, organisation)
            standing = self._draw_standing(("standing", plan.key, partnership.name, organisation.name), CLOSED_SHARES)
            if standing.answered:
                sheet = Sheet(
                    key=(plan.key, partnership.name, organisation.name),
                    writer=replace(draw_writer(views, setting, organisation), share=0),
                    common=common,
                    steps=draw_earlier(views, questionnaire, partnership, organisation, sight.closed),
                    opens_at=plan.opens_at,
                    end=plan.closes_at,
                    count=standing.answered,
                )
                self._add_assessment(sheet, plan, partnership, organisation, standing)

    def _add_organisation(
        self, partnership: Partnership, organisation: Organisation, setting: Setting, common: Common
    ) -> None:
        views = self._words.views
        writer = draw_writer(views, setting, organisation)
        sight = draw_sight(views, self._questionnaire, common, partnership, organisation)
        closed, opened = self._rounds
        standings = self._standings(partnership, organisation)
        for plan, steps, standing in zip((closed, opened), (sight.closed, sight.open), standings, strict=True):
            if not standing.answered:
                continue
            sheet = Sheet(
                key=(plan.key, partnership.name, organisation.name),
                writer=writer,
                common=common,
                steps=steps,
                opens_at=plan.opens_at,
                end=min(plan.closes_at, self._now),
                count=standing.answered,
                in_order=partnership.name == self._words.people.showcase,
            )
            self._add_assessment(sheet, plan, partnership, organisation, standing)

    def _standings(self, partnership: Partnership, organisation: Organisation) -> tuple[Standing, Standing]:
        """Say how far an organisation has come in each round."""
        every = len(self._questionnaire.questions)
        done = Standing(every, submitted=True)
        people = self._words.people
        if partnership.name == people.showcase:
            said = people.open_round[organisation.name]
            match said:
                case "submitted":
                    return done, done
                case "signed off":
                    return done, done._replace(signed_off=True)
                case int():
                    return done, Standing(min(said, every - 1), submitted=False)
        signed_off = draw("signing off", partnership.name, organisation.name).random() < SIGNED_OFF_SHARE
        eager = draw("pace", partnership.name).gauss(0, PACE)
        open_shares = (2.718**eager, 1.0, 2.718**-eager)
        opened = self._draw_standing(("standing", "open", partnership.name, organisation.name), open_shares)
        return (
            self._draw_standing(("standing", "closed", partnership.name, organisation.name), CLOSED_SHARES),
            opened._replace(signed_off=opened.submitted and signed_off),
        )

    def _draw_standing(self, key: tuple[str, ...], shares: tuple[float, ...]) -> Standing:
        chance = draw(*key)
        every = len(self._questionnaire.questions)
        first = len(self._questionnaire.sections[0].questions)
        match chance.choices(("submitted", "in progress", "not started"), shares)[0]:
            case "submitted":
                return Standing(every, submitted=True)
            case "in progress":
                if chance.random() < LAST_STEP_SHARE:
                    return Standing(every, submitted=False)
                return Standing(chance.choice((first, chance.randrange(1, every))), submitted=False)
            case _:
                return Standing(0, submitted=False)

    def _add_assessment(
        self, sheet: Sheet, plan: RoundPlan, partnership: Partnership, organisation: Organisation, standing: Standing
    ) -> None:
        versions = self._answering.fill_in(sheet)
        chance = draw("assessment", *sheet.key)
        started_at = max(plan.opens_at, versions[0].at - timedelta(seconds=chance.randint(20, 120)))
        submitted_at = versions[-1].at + timedelta(minutes=chance.randint(2, 30)) if standing.submitted else None
        submitted_by = organisation.people[0].id if standing.submitted else None
        signed_off_at = (
            min(submitted_at + timedelta(hours=1), sheet.end) if submitted_at and standing.signed_off else None
        )
        key = AssessmentKey(partnership.id, make_id(started_at, "assessment", *sheet.key))
        self._rows.add(
            models.Assessment,
            partnership_id=partnership.id,
            id=key.assessment_id,
            round_id=self._round_ids[plan.key],
            organisation_id=organisation.id,
            **self._edition,
            status=_status_of(standing).value,
            started_at=started_at,
            started_by=versions[0].author.id,
            submitted_at=submitted_at,
            submitted_by=submitted_by,
            signed_off_at=signed_off_at,
            signed_off_by=organisation.certifier.id if signed_off_at else None,
        )
        for version in versions:
            self._rows.add(models.AnswerVersion, **_answer_row(key, version))
        if submitted_at and submitted_by:
            answers = current_answers(versions)
            scores = score(self._questionnaire, answers)
            snapshot, enablers, questions = make_frozen_rows(key, 1, answers, scores, submitted_by, submitted_at)
            self._rows.add(models.Snapshot, **snapshot)
            self._add_move(key, 1, Move.SUBMIT, submitted_by, submitted_at)
            if signed_off_at:
                self._add_move(key, 2, Move.SIGN_OFF, organisation.certifier.id, signed_off_at)
            self._rows.extend(models.FrozenEnablerScore, enablers)
            self._rows.extend(models.FrozenQuestionScore, questions)
            if plan.key == "closed":
                said = list_barriers(self._barriers, scores, key, sheet.key, organisation, submitted_at)
                self._rows.extend(models.TypedBarrier, said)
        if standing.answered and not standing.submitted and organisation.contributors:
            self._add_shared_work(key, organisation, versions[-1].at)

    def _add_move(self, key: AssessmentKey, number: int, move: Move, person: UUID, at: datetime) -> None:
        self._rows.add(
            models.AssessmentMove,
            partnership_id=key.partnership_id,
            assessment_id=key.assessment_id,
            number=number,
            move=move.value,
            reason="",
            person_id=person,
            made_at=at,
        )

    def _add_shared_work(self, key: AssessmentKey, organisation: Organisation, after: datetime) -> None:
        """Give a section to a contributor, add a file to a question, and let colleagues talk about it."""
        people = self._words.people
        owner = {"partnership_id": key.partnership_id, "assessment_id": key.assessment_id}
        self._rows.add(
            models.GivenSection,
            **owner,
            section_id=people.given.section,
            person_id=organisation.contributors[0].id,
            message=people.given.message,
            given_by=organisation.people[0].id,
            given_at=after + timedelta(minutes=20),
        )
        shown = people.comments[0].question
        self._rows.add(models.EvidenceFile, **make_file_row(key, shown, organisation.people[0], after))
        ids = {person.name: person.id for person in organisation.people}
        for number, comment in enumerate(people.comments, start=1):
            at = after + timedelta(minutes=number)
            self._rows.add(
                models.Comment,
                **owner,
                id=make_id(at, "comment", str(number), organisation.name),
                question_id=comment.question,
                text=comment.text,
                author_id=ids[comment.by],
                written_at=at,
            )


def _status_of(standing: Standing) -> AssessmentStatus:
    if standing.signed_off:
        return AssessmentStatus.SIGNED_OFF
    return AssessmentStatus.SUBMITTED if standing.submitted else AssessmentStatus.IN_PROGRESS


def _answer_row(key: AssessmentKey, version: Version) -> dict[str, Any]:
    answer = version.answer
    return {
        "partnership_id": key.partnership_id,
        "assessment_id": key.assessment_id,
        "question_id": version.question,
        "version": version.version,
        "choice": answer.choice,
        "reason": answer.reason,
        "note": answer.note,
        "evidence_kind": answer.evidence_kind,
        "evidence_link": answer.evidence_link,
        "author_id": version.author.id,
        "answered_at": version.at,
    }
