"""The code against an independent working of the same rule: every number, state, band and order agrees."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.gaps import Gap, GapReport, make_gap_report
from app.domain.partnership import make_partnership_report
from tests.domain import pencil
from tests.domain.strategies import answers_to, law, organisations_answering, questionnaires, targets_for


def _sheet(report: GapReport) -> pencil.Sheet:
    """Lay a report out as the pencil does."""
    return {
        "weakest": report.weakest.id if report.weakest else None,
        "enablers": [
            {
                "id": enabler.enabler.id,
                "coverage": enabler.coverage,
                "coverage_status": enabler.coverage_status.value,
                "dont_know_share": enabler.dont_know_share,
                "not_applicable": enabler.not_applicable,
                "score": enabler.score,
                "band": enabler.band.id if enabler.band else None,
                "barrier": enabler.barrier,
                "capped_by": [question.id for question in enabler.capped_by],
                "percent_to_target": report.percent_to_target[enabler.enabler.id],
            }
            for enabler in report.scores.enablers
        ],
        "gaps": [_gap(gap) for gap in report.gaps],
        "met": [_gap(gap) for gap in report.met],
        "questions": [
            {
                "id": question.question.id,
                "state": question.state.value,
                "score": question.score,
                "organisations": question.organisations,
                "average_deviation": question.average_deviation,
                "contested": question.contested,
            }
            for question in report.scores.questions
        ],
        "organisations": report.organisations,
    }


def _gap(gap: Gap) -> pencil.Sheet:
    return {
        "question": gap.question.id,
        "score": gap.score,
        "target": gap.target,
        "gap": gap.gap,
        "difference": gap.difference,
        "priority": gap.priority,
        "critical": gap.question.critical,
        "contested": gap.scored.contested,
    }


@given(st.data())
@law(300)
def test_the_report_of_one_organisation_agrees_with_the_pencil(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    answers = data.draw(answers_to(questionnaire))
    assert _sheet(make_gap_report(questionnaire, answers)) == pencil.report_one(questionnaire, answers)


@given(st.data())
@law(300)
def test_the_report_of_a_partnership_agrees_with_the_pencil(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    targets = data.draw(targets_for(questionnaire))
    report = make_partnership_report(questionnaire, organisations, targets)
    assert _sheet(report) == pencil.report_many(questionnaire, list(organisations.values()), targets)
