"""For a partnership: which few questions, raised one level, close most of the gap within an effort it chooses.

The address holds all that is chosen, so that it can be sent to a colleague; nothing is stored.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.gaps import GapReport
from app.domain.partnership_report import PartnershipReport, Shows
from app.domain.values import one_line
from app.domain.what_if import LEAST_EFFORT, MOST_EFFORT, USUAL_EFFORT, Raise, choose_raises, find_raises
from app.renderings.numbers import shown as number
from app.renderings.view_what_if import WhatIfView, make_rules, make_what_if_view
from app.services import together
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.together import addresses
from app.web.together.change_pages import EffortChoice, EffortField, WhatIfPage
from app.web.together.readings import (
    SEE_AGREED,
    SEE_ANSWERED,
    ViewQuery,
    describe_reading,
    is_settled,
)

router = make_router()

BUDGET: Final = "budget"
USUAL_BUDGET: Final = 6
MOST_BUDGET: Final = 500
LONGEST_TYPED: Final = 20
"""Characters that are handed back of what is no number."""
EFFORT_WORDS: Final = {1: "1 – little", 2: "2", 3: "3", 4: "4", 5: "5 – a great deal"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What the address says: budget and efforts as typed, and as numbers where they are such."""

    budget_text: str
    budget: int | None
    effort_texts: Mapping[str, str]
    """Question id -> text, of the questions that could be raised."""
    efforts: Mapping[str, int]

    @classmethod
    def read(cls, query: Mapping[str, str], raises: Sequence[Raise]) -> "Typed":
        """Take what is asked for out of an address; whatever else it says is passed over."""
        budget = query.get(BUDGET, str(USUAL_BUDGET)).strip()
        texts = {
            each.question.id: query.get(name_effort(each.question.id), str(USUAL_EFFORT)).strip() for each in raises
        }
        efforts = {question: read_whole(text, LEAST_EFFORT, MOST_EFFORT) for question, text in texts.items()}
        return cls(
            budget_text=one_line(budget)[:LONGEST_TYPED],
            budget=read_whole(budget, 1, MOST_BUDGET),
            effort_texts={question: one_line(text)[:LONGEST_TYPED] for question, text in texts.items()},
            efforts={question: effort for question, effort in efforts.items() if effort is not None},
        )

    def find_faults(self, raises: Sequence[Raise]) -> tuple[FieldError, ...]:
        """Say what is wrong with it."""
        budget = f"Enter the effort as a whole number from 1 to {MOST_BUDGET}"
        return (
            *([FieldError(BUDGET, budget)] if self.budget is None else []),
            *(
                FieldError(
                    name_effort(each.question.id),
                    f"Choose an effort from {LEAST_EFFORT} to {MOST_EFFORT}: {one_line(each.question.text)}",
                )
                for each in raises
                if each.question.id not in self.efforts
            ),
        )


def name_effort(question_id: str) -> str:
    """Name the field for the effort of a question."""
    return f"effort-{question_id}"


def read_whole(text: str, least: int, most: int) -> int | None:
    """Read a whole number; `None` where it is none, or out of bounds."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) and least <= int(text) <= most else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    shows: Shows
    query: Mapping[str, str]


async def get_asked(request: Request, view: ViewQuery = Shows.INDIVIDUAL) -> Asked:
    """Give what the address asks for: efforts have names that only the questionnaire knows."""
    return Asked(view, request.query_params)


AskedDep = Annotated[Asked, Depends(get_asked)]


@router.get(addresses.WHAT_IF)
def what_if_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    partnership_id: UUID,
    round_id: UUID,
    asked: AskedDep,
) -> HTMLResponse:
    """People of the partnership: which questions to raise for the effort they have."""
    report = together.get_report(database, catalogue, actor, partnership_id, round_id, now)
    settled = is_settled(asked.shows, [report.together])
    shown = report.settled if settled else report.individual
    raises = find_raises(shown, report.votes, report.together.agreed_levels if settled else None)
    typed = Typed.read(asked.query, raises)
    faults = typed.find_faults(raises)
    page = WhatIfPage(
        title=f"What if: {one_line(report.together.partnership)}, {one_line(report.together.round)}",
        back=Link("Back to the report", addresses.report(partnership_id, round_id)),
        errors=faults,
        caption=f"{one_line(report.together.partnership)}, {one_line(report.together.round)}",
        shows=describe_reading(report.together, asked.shows, settled=settled),
        other=_find_other(report, settled=settled),
        action=addresses.what_if(partnership_id, round_id),
        view=Shows.AGREED if settled else "",
        budget=typed.budget_text,
        fields=tuple(_make_field(each, typed) for each in raises),
        what_if=None if faults else _choose(report, shown, raises, typed),
        rules=make_rules(partnership=True),
    )
    return show("together/what_if.html", page, HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK)


def _choose(report: PartnershipReport, shown: GapReport, raises: Sequence[Raise], typed: Typed) -> WhatIfView:
    budget = typed.budget or 0
    return make_what_if_view(
        shown,
        raises,
        choose_raises(raises, typed.efforts, budget),
        budget=budget,
        efforts=typed.efforts,
        names=[partner.name for partner in report.together.submitted],
    )


def _make_field(each: Raise, typed: Typed) -> EffortField:
    text = typed.effort_texts[each.question.id]
    words = {str(effort): words for effort, words in EFFORT_WORDS.items()}
    return EffortField(
        id=name_effort(each.question.id),
        question=one_line(each.question.text),
        hint=f"From {number(each.now.score)} to {number(each.then.score)}, with a target of "
        f"{number(each.now.target)}: closes {number(each.gain)}.",
        choices=tuple(
            EffortChoice(value=value, text=label, chosen=value == text)
            for value, label in (words if text in words else {text: text or "None", **words}).items()
        ),
    )


def _find_other(report: PartnershipReport, *, settled: bool) -> Link | None:
    place = report.together.partnership_id, report.together.round_id
    if settled:
        return Link(SEE_ANSWERED, addresses.what_if(*place))
    return Link(SEE_AGREED, addresses.what_if(*place, agreed=True)) if report.together.agreed_levels else None
