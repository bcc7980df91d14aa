"""The set-up at a glance: what there is, and what comes next."""

from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.set_up import SetUpCounts
from app.renderings.words import count
from app.services import texts
from app.services.setting_up import rounds
from app.web.central import addresses
from app.web.central.pages import SetUpPage, SetUpStep
from app.web.pages import Link, Tag
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

NOTHING_YET = Tag(text="Not yet started", colour="grey")


@router.get(addresses.SET_UP)
def set_up_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central administrators: the steps of the set-up, with what there is already."""
    counts = rounds.count_everything(database, actor, now)
    steps = (
        *_list_steps(counts),
        _indicator_step(counts),
        _neighbour_step(counts),
        _text_step(len(texts.list_missing(database))),
    )
    page = SetUpPage(title="Set up the service", steps=steps, next=_find_next(steps, counts))
    return show("central/set_up.html", page)


def _indicator_step(counts: SetUpCounts) -> SetUpStep:
    """Give the step that one can do without: it never waits."""
    return SetUpStep(
        title="Indicators",
        detail="If you like: population, deprivation, spending and other figures about areas",
        href=addresses.INDICATORS,
        there=count(counts.indicators, "indicator") if counts.indicators else "None",
        tag=None,
    )


def _neighbour_step(counts: SetUpCounts) -> SetUpStep:
    """Give the other step that never waits."""
    return SetUpStep(
        title="Nearest neighbours",
        detail="If you like: which areas are most alike, so that releases can group them",
        href=addresses.NEIGHBOURS,
        there=count(counts.neighboured, "area") if counts.neighboured else "None",
        tag=None,
    )


def _text_step(missing: int) -> SetUpStep:
    what = "Who is responsible for the data, and who to ask"
    return SetUpStep(
        title="The service’s own words",
        detail=f"{what}: {count(missing, 'text')} missing" if missing else what,
        href=addresses.TEXTS,
        there="Written",
        tag=Tag(text="Missing", colour="yellow") if missing else None,
    )


def _list_steps(counts: SetUpCounts) -> tuple[SetUpStep, ...]:
    told = (
        ("Areas", count(counts.areas, "area"), addresses.AREAS, "The official places"),
        (
            "Organisations",
            count(counts.organisations, "organisation"),
            addresses.ORGANISATIONS,
            "The bodies that assess themselves",
        ),
        (
            "Partnerships",
            count(counts.partnerships, "partnership"),
            addresses.PARTNERSHIPS,
            "Which organisations work together, and where",
        ),
        (
            "People",
            _count_people(counts),
            addresses.PEOPLE,
            "Coordinators of partnerships and people of organisations, by role or invitation",
        ),
        ("Rounds", _count_rounds(counts), addresses.ROUNDS, "Who answers which questionnaire, and when"),
    )
    return tuple(
        SetUpStep(title=title, detail=detail, href=href, there=there, tag=NOTHING_YET if there[:2] == "0 " else None)
        for title, there, href, detail in told
    )


def _count_people(counts: SetUpCounts) -> str:
    people = count(counts.people, "person", "people")
    if not counts.invited:
        return people
    waiting = f"{count(counts.invited, 'invitation')} {'waits' if counts.invited == 1 else 'wait'}"
    return f"{people}, {waiting}" if counts.people else waiting


def _count_rounds(counts: SetUpCounts) -> str:
    drafts = count(counts.drafts, "draft")
    return f"{counts.confirmed} confirmed, {drafts}" if counts.confirmed else drafts


def _find_next(steps: tuple[SetUpStep, ...], counts: SetUpCounts) -> Link | None:
    """Give the first step with nothing in it; then the drafts that wait to be confirmed."""
    for step in steps:
        if step.tag:
            return Link(f"Go on with {step.title.lower()}", step.href)
    return Link("Check and confirm the draft rounds", addresses.ROUNDS) if counts.drafts else None
