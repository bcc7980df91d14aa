"""The partnership report for machines: the gap report's mapping, and beside it who answered what, and the plan.

Four decimals, `None` for what is not there. `shows` says whose numbers the gap report's part has.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from app.domain.partnership_report import PartnershipReport, Shows
from app.domain.scoring import QuestionState
from app.domain.together import Partner
from app.renderings import as_json
from app.renderings.as_result import write_time
from app.renderings.numbers import as_number
from app.renderings.sheets import ActionRow, find_enabler_deviations, find_question_rwg


def render(report: PartnershipReport, shows: Shows, actions: Sequence[ActionRow] = ()) -> dict[str, Any]:
    """Give the report as plain values, ready to be written as JSON."""
    together = report.together
    plain = as_json.render(report.get(shows))
    for enabler, deviation in zip(plain["enablers"], find_enabler_deviations(report), strict=True):
        enabler["average_deviation"] = _number(deviation)
    scores = report.get(shows).scores.questions
    for position, (question, scored) in enumerate(zip(plain["questions"], scores, strict=True)):
        question["agreed"] = scored.agreed  # then the score is the agreed level, and the spread that of the answers
        question["rwg"] = _number(find_question_rwg(report, position))
    return {
        "partnership": {"id": str(together.partnership_id), "name": together.partnership},
        "round": {
            "id": str(together.round_id),
            "title": together.round,
            "opens_at": write_time(together.opens_at),
            "closes_at": write_time(together.closes_at),
        },
        "shows": shows.value,
        **plain,
        "organisations": _list_organisations(report),
        "agreed": _list_agreed(report),
        "actions": [_make_action(action) for action in actions],
    }


def leave_words_out(report: dict[str, Any]) -> dict[str, Any]:
    """Give the same report without notes, reasons, links and names of people, which other systems are not to have."""

    def keep(rows: list[dict[str, Any]], *left_out: str) -> list[dict[str, Any]]:
        return [{name: value for name, value in row.items() if name not in left_out} for row in rows]

    return {
        **report,
        "organisations": [
            {**each, "answers": keep(each["answers"], "reason", "note", "evidence_link")}
            for each in report["organisations"]
        ],
        "agreed": keep(report["agreed"], "reason", "minority_view"),
        "actions": keep(report["actions"], "owner", "note"),
    }


def _list_organisations(report: PartnershipReport) -> list[dict[str, Any]]:
    votes = {
        partner.organisation_id: vote for partner, vote in zip(report.together.submitted, report.votes, strict=True)
    }
    return [
        {
            "id": str(partner.organisation_id),
            "name": partner.name,
            "submitted": partner.is_in,
            "submitted_at": write_time(partner.submitted_at) if partner.submitted_at else None,
            "reopened": partner.is_changing,
            "answers": [
                {
                    "question": scored.question.id,
                    "state": scored.state.value,
                    "score": _number(scored.score),
                    **_make_answer(partner, scored.question.id, scored.state),
                }
                for scored in votes.get(partner.organisation_id, ())
            ],
        }
        for partner in report.together.partners
    ]


def _make_answer(partner: Partner, question: str, state: QuestionState) -> dict[str, Any]:
    answer = None if state is QuestionState.HIDDEN else partner.answers.get(question)
    return {
        "choice": answer.choice if answer else None,
        "reason": answer.reason if answer else "",
        "note": answer.note if answer else "",
        "evidence_kind": answer.evidence_kind if answer else "",
        "evidence_link": answer.evidence_link if answer else "",
    }


def _list_agreed(report: PartnershipReport) -> list[dict[str, Any]]:
    """List what was talked about, in questionnaire order."""
    together, questionnaire = report.together, report.questionnaire
    names = {partner.organisation_id: partner.name for partner in together.partners}
    return [
        {
            "question": question.id,
            "level": agreed.choice or None,
            "score": _number(questionnaire.scale_of(question).scores[agreed.choice] if agreed.choice else None),
            "reason": agreed.reason,
            "minority_view": agreed.minority_view,
            "held_on": agreed.meeting.held_on.isoformat(),
            "present": sorted(names[each] for each in agreed.meeting.organisations if each in names),
            "recorded_at": write_time(agreed.recorded_at),
        }
        for question in questionnaire.questions
        if (agreed := together.agreed.get(question.id))
    ]


def _make_action(action: ActionRow) -> dict[str, Any]:
    return {
        "enabler": action.enabler,
        "question": action.question,
        "action": action.action,
        "organisation": action.organisation,
        "owner": action.owner,
        "due": action.due.isoformat(),
        "status": action.status,
        "department": action.department or None,
        "measure": action.measure,
        "note": action.note,
    }


def _number(number: Fraction | None) -> float | None:
    return None if number is None else as_number(number)
