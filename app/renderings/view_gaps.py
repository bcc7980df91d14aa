"""The gaps in order: where a question stands, the next step up, and what helps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from app.domain.assessment import Answer, Answers
from app.domain.barriers import BarrierKind
from app.domain.gaps import Gap
from app.domain.learning import LearningLibrary, LearningPoint, Resource, ResourceStatus, find_learning
from app.domain.questionnaire import Level, Question, Questionnaire
from app.renderings.numbers import in_full, shown
from app.renderings.shapes import GapLink, GapView, LearningView, NamedBarrier, ResourceView, Rung
from app.renderings.words import one_line, paragraphs, safe_link, sentence
from app.renderings.work_question import work_question
from app.renderings.working import Source, find_level

NO_ANSWER = Answer(choice="")


def make_gaps(
    source: Source,
    library: LearningLibrary | None,
    answers: Answers,
    named: Mapping[str, Sequence[BarrierKind]],
) -> tuple[GapView, ...]:
    """Make the gaps in the report's order. A learning point stands at the first gap it helps; later ones refer back.

    `named` is what stands in the way, by question. What a resource is about is said where the report names it first.
    """
    introduced: set[str] = set()
    first_place: dict[str, int] = {}
    views: list[GapView] = []
    for place, gap in enumerate(source.report.gaps, start=1):
        points = _find_points(source.questionnaire, library, gap)
        new = [point for point in points if first_place.setdefault(point.id, place) == place]
        elsewhere = [views[other - 1] for other in sorted({first_place[point.id] for point in points} - {place})]
        barriers = name_barriers(library, named.get(gap.question.id, ()), introduced)
        learning = tuple(make_learning(library, point, introduced) for point in new) if library else ()
        view = _make_gap(source, gap, place, answers.get(gap.question.id, NO_ANSWER))
        views.append(
            replace(
                view,
                named=barriers,
                learning=learning,
                learning_elsewhere=tuple(GapLink(gap.place, gap.id) for gap in elsewhere),
            )
        )
    return tuple(views)


def _find_points(questionnaire: Questionnaire, library: LearningLibrary | None, gap: Gap) -> tuple[LearningPoint, ...]:
    if library is None:
        return ()
    enabler = questionnaire.section_of[gap.question.id].enabler
    return find_learning(library, gap.question.id, enabler, questionnaire.framework.band_of(gap.score).id)


def _make_gap(source: Source, gap: Gap, place: int, answer: Answer) -> GapView:
    questionnaire, question = source.questionnaire, gap.question
    reached, following = find_rungs(questionnaire, question, gap.score)
    words, label = _reached(source, gap, reached, following)
    aim = find_level(questionnaire, question, gap.target)
    return GapView(
        place=place,
        id=f"gap-{question.id}",
        enabler=enabler_title(questionnaire, question),
        question=one_line(question.text),
        critical=question.critical,
        contested=gap.scored.contested,
        score=shown(gap.score),
        target=shown(gap.target),
        gap=shown(gap.gap),
        priority=shown(gap.priority),
        weight=in_full(question.weight),
        reached=_reached_rung(question, reached, label),
        reached_words=words,
        next=_rung(question, following) if following else None,
        target_level=one_line(aim.label) if aim else "",
        note=paragraphs(answer.note),
        evidence=one_line(questionnaire.framework.evidence_labels.get(answer.evidence_kind, answer.evidence_kind)),
        evidence_link=safe_link(answer.evidence_link),
        working=work_question(source, gap.scored),
    )


def enabler_title(questionnaire: Questionnaire, question: Question) -> str:
    """Give the title of the enabler a question belongs to."""
    asked = questionnaire.section_of[question.id].enabler
    return next(one_line(enabler.title) for enabler in questionnaire.framework.enablers if enabler.id == asked)


def find_rungs(questionnaire: Questionnaire, question: Question, score: Fraction) -> tuple[Level, Level | None]:
    """Give the highest level that a score reaches and the next one up, if there is one."""
    scale = questionnaire.scale_of(question)
    reached = [level for level in scale.levels if scale.scores[level.id] <= score]
    above = scale.levels[len(reached) :]
    return reached[-1], above[0] if above else None


def _reached(source: Source, gap: Gap, reached: Level, following: Level | None) -> tuple[str, str]:
    """Name what is reached: a level, or where the mean of a partnership lies between two of them."""
    label = one_line(reached.label)
    if source.votes is None:
        return "Now", label
    if gap.scored.agreed:
        return "As agreed", label
    if following is not None and gap.score != source.questionnaire.scale_of(gap.question).scores[reached.id]:
        return "On average", f"Between {label} and {one_line(following.label)}"
    return "On average", label


def _rung(question: Question, level: Level) -> Rung:
    return Rung(one_line(level.label), one_line(question.descriptors.get(level.id, "")))


def _reached_rung(question: Question, reached: Level, label: str) -> Rung:
    """Say what the level reached looks like, and which level that is where the mean lies above it."""
    rung = _rung(question, reached)
    if rung.label == label or not rung.text:
        return Rung(label, rung.text)
    return Rung(label, f"{rung.label}: {rung.text}")


def make_learning(library: LearningLibrary, point: LearningPoint, introduced: set[str]) -> LearningView:
    """Put a learning point into words. `introduced` are the resources that were named before; its own are added."""
    return LearningView(
        id=point.id,
        text=one_line(point.text),
        source=one_line(point.source.name) if point.source else "",
        source_link=safe_link(point.source.link) if point.source else "",
        resources=make_resources(library, library.resources_of(point), introduced),
    )


def name_barriers(
    library: LearningLibrary | None, kinds: Iterable[BarrierKind], introduced: set[str]
) -> tuple[NamedBarrier, ...]:
    """Put kinds of barrier into words, with what helps; `introduced` as for `make_learning`."""
    return tuple(
        NamedBarrier(
            label=one_line(kind.label),
            next_step=one_line(kind.next_step),
            resources=make_resources(library, [library.resources_by_id[each] for each in kind.resources], introduced)
            if library
            else (),
        )
        for kind in kinds
    )


def make_resources(
    library: LearningLibrary, resources: Sequence[Resource], introduced: set[str]
) -> tuple[ResourceView, ...]:
    """Put resources into words; what one is about is said where it is not among those `introduced` before."""
    new = {resource.id for resource in resources} - introduced
    introduced |= new
    return tuple(_make_resource(library, resource, new=resource.id in new) for resource in resources)


def _make_resource(library: LearningLibrary, resource: Resource, *, new: bool) -> ResourceView:
    about = f"Run by: {sentence(one_line(resource.run_by))} Helps with: {sentence(one_line(resource.helps_with))}"
    return ResourceView(
        id=resource.id,
        name=one_line(resource.name),
        link=safe_link(resource.link),
        about=about if new else "",
        status=_status(library, resource),
    )


def _status(library: LearningLibrary, resource: Resource) -> str:
    if resource.status is ResourceStatus.CURRENT:
        return ""
    checked = f"{resource.last_checked.day} {resource.last_checked:%B %Y}"
    said = ["This has ended." if resource.status is ResourceStatus.ENDED else "We could not tell if this still runs."]
    if resource.note:
        said.append(sentence(one_line(resource.note)))
    if successor := library.successor_of(resource):
        said.append(f"Its work is carried on by {one_line(successor.name)}.")
    return " ".join((*said, f"Last checked on {checked}."))
