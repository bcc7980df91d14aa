"""Rounds in words: what they are set to, and what stands in their way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from app.catalogue import Catalogue
from app.domain.questionnaire import Questionnaire
from app.domain.round_plans import Finding, Obstacle, PlannedPartnership, choose_targets
from app.domain.rounds import SignOff
from app.domain.set_up import RoundRecord
from app.domain.times import UK
from app.renderings.words import count
from app.services.setting_up.rounds import list_editions
from app.web import paths
from app.web.central import addresses
from app.web.central.pages import FindingLine
from app.web.pages import Link, Tag
from app.web.words import moment_words

SIGN_OFF_WORDS: Final[Mapping[SignOff, str]] = {
    SignOff.NOBODY: "Nobody: submitting is the end",
    SignOff.CERTIFIER: "A certifier of the organisation, who may be the person who submitted",
    SignOff.ANOTHER_PERSON: "A certifier of the organisation, other than the person who submitted",
}


def tag_of(found: RoundRecord, now: datetime) -> Tag:
    """Give where a round stands, in a word."""
    if found.confirmed_at is None:
        return Tag(text="Draft", colour="grey")
    if now < found.opens_at:
        return Tag(text="Confirmed", colour="blue")
    return Tag(text="Open", colour="green") if now < found.closes_at else Tag(text="Closed", colour="grey")


def exact_moment(moment: datetime) -> str:
    """Write a moment so that midnight cannot be taken for the end of the day, and seconds show."""
    local = moment.astimezone(UK)
    if local.second:
        return f"{local:%H:%M:%S}, {moment_words(moment).partition(' on ')[2]}"
    begins = " (where that day begins)" if (local.hour, local.minute) == (0, 0) else ""
    return f"{moment_words(moment)}{begins}"


def find_questionnaire(catalogue: Catalogue, found: RoundRecord) -> Questionnaire | None:
    """Find the very version of a round among those that are published."""
    return next((one for one in list_editions(catalogue) if one.hash == found.questionnaire_hash), None)


def targets_words(questionnaire: Questionnaire | None, found: RoundRecord) -> str:
    """Say whose targets hold."""
    if questionnaire is None or choose_targets(questionnaire, found.targets) is None:
        return "The questionnaire’s own"
    levels = set(found.targets.values())
    if len(found.targets) == len(questionnaire.questions) and len(levels) == 1:
        level = next(iter(levels))
        scale = questionnaire.scale_of(questionnaire.questions[0])
        label = next((str(one.label) for one in scale.levels if one.id == level), level)
        return f"{label}, for every question"
    return f"Set for {count(len(found.targets), 'question')}; the questionnaire’s own for the others"


def finding_line(finding: Finding) -> FindingLine:
    """Say what was found, with a link to where each case is mended."""
    if finding.obstacle is Obstacle.NO_TEXTS:
        return FindingLine(text=WORDS_OF[finding.obstacle], links=(Link("Write the texts", addresses.TEXTS),))
    place = paths.partnership if finding.obstacle is Obstacle.NO_COORDINATOR else addresses.partnership
    links = (
        *(
            Link(f"{organisation.name}, in {_tell_places(inside)}", paths.colleagues(organisation.id))
            for organisation, inside in finding.list_organisations()
        ),
        *(Link(one.name, place(one.id)) for one, organisation in finding.places if organisation is None),
    )
    return FindingLine(text=_tell(finding.obstacle, len(links)), links=links)


def _tell_places(inside: Sequence[PlannedPartnership]) -> str:
    return count(len(inside), "partnership") if inside[1:] else inside[0].name


WORDS_OF: Final[Mapping[Obstacle, str]] = {
    Obstacle.NO_QUESTIONNAIRE: "The questionnaire version of this round is not published. Choose another.",
    Obstacle.NO_THRESHOLD: "The withholding threshold is not valid. Set it again.",
    Obstacle.CLOSED_ALREADY: "The closing has passed. Choose a later one.",
    Obstacle.OPEN_ALREADY: "The opening has passed, so partners can begin as soon as the round is confirmed.",
    Obstacle.NO_PARTNERSHIP: "No partnership takes part yet. Choose at least one.",
    Obstacle.NO_ORGANISATION: "{partnerships} {have} no organisation. Add some, or leave the partnership out.",
    Obstacle.ONE_ORGANISATION: "{partnerships} {have} only one organisation, so there is nothing to compare.",
    Obstacle.NO_COORDINATOR: "{partnerships} {have} no coordinator, and nobody is invited as one.",
    Obstacle.NOBODY_INVITED: "{organisations} {have} nobody invited, so nobody can answer.",
    Obstacle.NO_CERTIFIER: "{organisations} {have} no certifier, and this round needs one to sign off.",
    Obstacle.NO_TEXTS: "Some of the service’s own words are missing, such as who is responsible for the data.",
}


def _tell(obstacle: Obstacle, number: int) -> str:
    return WORDS_OF[obstacle].format(
        partnerships=count(number, "partnership"),
        organisations=count(number, "organisation"),
        have="has" if number == 1 else "have",
    )
