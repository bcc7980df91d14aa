"""Saying what stands in the way of a gap, in the kinds of its enabler."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Final, Self

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.barriers import MOST_KINDS, find_end
from app.services import typing_barriers
from app.services.typing_barriers import OpenedGap
from app.web import paths
from app.web.forms import Form, reads
from app.web.pages import Choice, FieldError, Link
from app.web.partner.assessments import KeyDep
from app.web.partner.barriers_pages import BarriersPage
from app.web.partner.questions import QUESTION
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words

router = make_router()

BARRIERS: Final = QUESTION + "/barriers"
KINDS: Final = tuple(f"kind-{number}" for number in range(1, MOST_KINDS + 1))
"""A field for each box, as a form may hold none twice; its value is the id of the kind."""
NONE: Final = "none"
BarriersForm = Annotated[Form, Depends(reads(*KINDS, NONE, "mark"))]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The boxes that are ticked."""

    kinds: Collection[str]
    none: bool

    @classmethod
    def read(cls, form: Form) -> Self:
        """Take them from a form."""
        return cls(tuple(kind for field in KINDS if (kind := form.get(field))), bool(form.get(NONE)))

    def find_fault(self) -> str:
        """Say what is wrong with them; empty where they can be stored."""
        if self.kinds and self.none:
            return "Select what stands in the way, or “None of these”, not both"
        return "" if self.kinds or self.none else "Select what stands in the way, or “None of these”"


@router.get(BARRIERS)
def barriers_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
) -> HTMLResponse:
    """Contributors of the organisation: the kinds of thing that may stand in the way of a gap."""
    opened = typing_barriers.open_gap(database, catalogue, actor, key, question_id, now)
    return show("partner/barriers.html", _make_page(opened, Chosen(opened.said, none=False)))


@router.post(BARRIERS)
def say_barriers(
    form: BarriersForm,  # first, so that what was chosen is at hand whatever goes wrong
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
) -> Response:
    """Contributors of the organisation: says what stands in the way of a gap, then goes back to it."""
    chosen = Chosen.read(form)
    if fault := chosen.find_fault():
        opened = typing_barriers.open_gap(database, catalogue, actor, key, question_id, now)
        page = _make_page(opened, chosen, mark=form.get("mark"), errors=(FieldError(KINDS[0], fault),))
        return show("partner/barriers.html", page, 422)
    found = typing_barriers.say(database, catalogue, actor, key, question_id, chosen.kinds, form.get("mark"), now)
    if found is not None:
        return show("partner/barriers.html", _make_page(found, chosen, meanwhile=_describe(found)), 409)
    return RedirectResponse(paths.gap(key, question_id), 303)


def _describe(opened: OpenedGap) -> str:
    labels = [kind.label for kind in opened.asked.kinds if kind.id in opened.said]
    said = ", ".join(f"“{label}”" for label in labels) or "that none of these does"
    return (
        f"A colleague has said something else since you opened this page: {said}. What you selected is below. "
        "It is not saved yet. Save it to put it in the place of theirs, or go back to leave theirs"
    )


def _make_page(
    opened: OpenedGap,
    chosen: Chosen,
    *,
    mark: str | None = None,
    meanwhile: str = "",
    errors: tuple[FieldError, ...] = (),
) -> BarriersPage:
    key, question, asked = opened.key, opened.question, opened.asked
    return BarriersPage(
        title=f"{asked.question} {question.text}",
        back=Link("Back to the gap", paths.gap(key, question.id)),
        errors=errors,
        gap=question.text,
        asked=asked.question,
        kinds=tuple(
            Choice(value=kind.id, label=kind.label, descriptor=kind.hint, checked=kind.id in chosen.kinds)
            for kind in asked.kinds
        ),
        none=Choice(
            value="yes",
            label="None of these",
            descriptor="",
            checked=chosen.none,
        ),
        until=moment_words(find_end(opened.record.window)),
        meanwhile=meanwhile,
        mark=opened.mark if mark is None else mark,
        action=paths.barriers(key, question.id),
    )
