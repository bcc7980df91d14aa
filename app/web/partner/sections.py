"""Giving a section to a colleague, and taking it back."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.access import Actor
from app.domain.sharing import GivenSection, Giving
from app.services import assessing, sharing
from app.services.sharing import OpenedSection
from app.web import paths
from app.web.forms import Form, reads
from app.web.pages import Choice, FieldError, Link
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.sharing_pages import SectionPage
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words

router = make_router()

SECTION = ASSESSMENT + "/sections/{section_id}"
GiveForm = Annotated[Form, Depends(reads("person", "message", "mark"))]
TakeBackForm = Annotated[Form, Depends(reads("mark"))]
NOT_TYPED = Giving(person="", message="", seen_mark="")


@router.get(SECTION)
def section_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    section_id: str,
) -> Response:
    """Leads of the organisation: to whom to give a section."""
    opened = sharing.open_section(database, catalogue, actor, key, section_id)
    if not assessing.can_answer(opened.record, now):
        return RedirectResponse(paths.assessment(key), 303)
    return show("partner/section.html", _make_page(opened, actor, NOT_TYPED, ()))


@router.post(SECTION)
def give_section(
    form: GiveForm,  # first, so that what was typed is at hand whatever goes wrong
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    section_id: str,
) -> Response:
    """Leads of the organisation: gives a section to a colleague, and writes to them."""
    giving = Giving(person=form.get("person"), message=form.get("message"), seen_mark=form.get("mark"))
    faults = sharing.give_section(database, catalogue, actor, key, section_id, giving, now)
    if not faults:
        return RedirectResponse(paths.assessment(key), 303)
    opened = sharing.open_section(database, catalogue, actor, key, section_id)
    errors = tuple(FieldError(fault.part, fault.text) for fault in faults)
    return show("partner/section.html", _make_page(opened, actor, giving, errors), 422)


@router.post(SECTION + "/take-back")
def take_section_back(
    form: TakeBackForm,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    section_id: str,
) -> Response:
    """Leads of the organisation: takes a section back from whoever has it."""
    sharing.take_back(database, catalogue, actor, key, section_id, form.get("mark"), now)
    return RedirectResponse(paths.assessment(key), 303)


def _make_page(opened: OpenedSection, actor: Actor, typed: Giving, errors: tuple[FieldError, ...]) -> SectionPage:
    given = opened.given
    return SectionPage(
        title=f"Give this section to a colleague: {opened.section.title}",
        back=Link("Back to the list of sections", paths.assessment(opened.key)),
        errors=errors,
        caption=opened.section.title,
        given=_describe_given(given, actor) if given else "",
        given_message=given.message if given else "",
        people=tuple(
            Choice(
                value=str(each.person_id),
                label=f"{each.name} (you)" if each.person_id == actor.person_id else each.name,
                descriptor=each.email,
                checked=str(each.person_id) == typed.person,
            )
            for each in opened.colleagues
        ),
        invited=", ".join(f"{each} (invited, has not accepted yet)" for each in opened.invited),
        invite=Link("Invite somebody who is not on the list", paths.colleagues(opened.record.organisation_id)),
        message=typed.message,
        mark=given.mark if given else "",
        action=paths.section(opened.key, opened.section.id),
        take_back=paths.take_section_back(opened.key, opened.section.id) if given else "",
    )


def _describe_given(given: GivenSection, actor: Actor) -> str:
    whom = "you" if given.person_id == actor.person_id else given.person
    by = "you" if given.given_by_id == actor.person_id else given.given_by
    return f"Given to {whom} by {by} at {moment_words(given.given_at)}."
