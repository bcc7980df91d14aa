"""A partnership's report -> what its page shows beside the gaps: who is in, what to talk about, what is agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from uuid import UUID

from app.domain.discussion import Reason, Topic, find_apart, list_shared_strengths, list_topics
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import NOT_APPLICABLE, Question
from app.domain.scoring import QuestionScore, QuestionState
from app.domain.times import day_words
from app.domain.together import Agreed, Together
from app.renderings.numbers import as_digits, shown
from app.renderings.view_gaps import enabler_title
from app.renderings.words import count, join, one_line, paragraphs, quoted, safe_link
from app.renderings.working import STATE_WORDS, describe_answer

ONE: Final = 1
DOT: Final = 16
"""Pixels that a dot takes."""
MARGIN: Final = 8
REASON_WORDS: Final[Mapping[Reason, str]] = {
    Reason.CONTESTED: "Contested",
    Reason.UNSEEN: "Partners cannot see this",
    Reason.GAP: "First gaps",
    Reason.REST: "",
}
INDIVIDUAL: Final = "What each organisation answered by itself."
AGREED: Final = "What the partners agreed, where they did; else what each organisation answered by itself."


@dataclass(frozen=True, slots=True)
class Voice:
    """What one organisation says on a question."""

    organisation: str
    answer: str
    """The level in words, or why there is none."""
    score: str
    x: str
    """Where it stands, in per cent of the plot's width; empty without a score."""
    reason: tuple[str, ...]
    """Why the question does not apply, in its words."""
    note: tuple[str, ...]
    evidence: str
    evidence_link: str
    is_absent: bool = False
    """Whether it is not at the meeting that is held."""


@dataclass(frozen=True, slots=True)
class AgreedView:
    """What was agreed on a question."""

    verdict: str
    """Such as “Agreed: Established (75.0)” or “Talked about, and not agreed”."""
    level: str
    reason: tuple[str, ...]
    minority_view: tuple[str, ...]
    meeting: str
    """When, which organisations were there, and which were not."""
    before: str
    """What was agreed until then; empty where nothing was."""
    change: str
    """What is different from the mean of what they answered by themselves; empty where nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One organisation on the strip of a question. Those at the same score stand on top of each other."""

    name: str
    score: str
    x: str
    """In per cent of the strip's width."""
    y: str
    """In pixels from the top of the strip."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One question, with where each organisation stands on it."""

    id: str
    enabler: str
    question: str
    x: str
    """Where the line of the view that is shown stands."""
    score: str
    standing: str
    """The score of the view that is shown, in a sentence; empty without one."""
    verdict: str
    """Such as “3 organisations, 12.5 apart from their mean on average” or why there is no score."""
    dots: tuple[Dot, ...]
    height: str
    """Of the strip, in pixels."""
    who: str
    """Who stands where, the highest first: “75.0: A and B. 25.0: C.”"""
    statement: str
    """What the strip shows, as words; the question stands beside it."""
    contested: bool
    agreed: str
    """The level that was agreed, or empty."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One question of the discussion list."""

    place: int
    id: str
    reason: str
    prompt: str
    spread: Spread
    voices: tuple[Voice, ...]
    agreed: AgreedView | None


@dataclass(frozen=True, slots=True)
class SpreadGroup:
    """The questions of one enabler."""

    enabler: str
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class TogetherView:
    """What the page of a partnership shows beside the gap report."""

    shows: str
    """Which of the two it is: as each answered, or as they agreed."""
    talks: tuple[Talk, ...]
    strengths: tuple[Spread, ...]
    """What every organisation puts at or above target."""
    groups: tuple[SpreadGroup, ...]
    changes: tuple[str, ...]
    """What agreeing changed, an enabler a sentence; empty where nothing is agreed."""


def make_together_view(report: PartnershipReport, *, agreed: bool) -> TogetherView:
    """Put a partnership's report into words; `agreed` says which of the two it shows."""
    writer = Writer(report, agreed=agreed)
    topics = list_topics(report.individual, report.votes)
    on_list = [topic for topic in topics if topic.reason is not Reason.REST]
    spreads = [writer.write_spread(scored) for scored in writer.scores]
    groups: dict[str, list[Spread]] = {}
    for spread in spreads:
        groups.setdefault(spread.enabler, []).append(spread)
    return TogetherView(
        shows=AGREED if agreed else INDIVIDUAL,
        talks=tuple(writer.write_talk(topic, place) for place, topic in enumerate(on_list, start=1)),
        strengths=tuple(map(writer.write_spread, list_shared_strengths(report.individual, report.votes))),
        groups=tuple(SpreadGroup(enabler, tuple(found)) for enabler, found in groups.items()),
        changes=_list_changes(report),
    )


class Writer:
    """Writes the questions of one report."""

    def __init__(self, report: PartnershipReport, *, agreed: bool) -> None:
        """Take the report, and which of its two views is shown."""
        self._report = report
        self._questionnaire = report.questionnaire
        self.scores = (report.settled if agreed else report.individual).scores.questions
        self._shown = {scored.question.id: scored for scored in self.scores}
        self._own = {scored.question.id: scored for scored in report.individual.scores.questions}
        self._positions = {question.id: place for place, question in enumerate(report.questionnaire.questions)}

    def write_talk(self, topic: Topic, place: int, *, absent: frozenset[UUID] = frozenset()) -> Talk:
        """Write one question of the list, `place` from 1; `absent` are the organisations not at the meeting held."""
        question = topic.question
        return Talk(
            place=place,
            id=f"talk-{question.id}",
            reason=REASON_WORDS[topic.reason],
            prompt=self._prompt(topic),
            spread=self.write_spread(topic.scored),
            voices=self.write_voices(question, absent=absent),
            agreed=self.write_agreed(question),
        )

    def write_voices(self, question: Question, *, absent: frozenset[UUID] = frozenset()) -> tuple[Voice, ...]:
        """Write what each organisation says, in the order of their names."""
        labels = self._questionnaire.framework.evidence_labels
        voices = []
        for partner, vote in zip(self._report.together.submitted, self._report.votes, strict=True):
            scored, answer = vote[self._positions[question.id]], partner.answers.get(question.id)
            voices.append(
                Voice(
                    organisation=one_line(partner.name),
                    answer=describe_answer(self._questionnaire, scored),
                    score="" if scored.score is None else shown(scored.score),
                    x="" if scored.score is None else as_digits(scored.score),
                    reason=paragraphs(answer.reason) if answer and answer.choice == NOT_APPLICABLE else (),
                    note=paragraphs(answer.note) if answer else (),
                    evidence=one_line(labels.get(answer.evidence_kind, answer.evidence_kind)) if answer else "",
                    evidence_link=safe_link(answer.evidence_link) if answer else "",
                    is_absent=partner.organisation_id in absent,
                )
            )
        return tuple(voices)

    def write_spread(self, scored: QuestionScore) -> Spread:
        """Write where each organisation stands on a question, and the score of the view that is shown."""
        question, own = scored.question, self._own[scored.question.id]
        seen = self._shown[question.id]
        dots, height = _stack([voice for voice in self.write_voices(question) if voice.score])
        agreed = self._report.together.agreed.get(question.id)
        level = self._label(question, agreed.choice) if agreed and agreed.choice else ""
        verdict = _tell_spread(own)
        said = [f"{shown(seen.score)} out of 100"] if seen.score is not None else []
        said += [f"agreed: {level}"] * bool(level) + [verdict[:1].lower() + verdict[1:]]
        return Spread(
            id=question.id,
            enabler=enabler_title(self._questionnaire, question),
            question=one_line(question.text),
            x="" if seen.score is None else as_digits(seen.score),
            score="" if seen.score is None else shown(seen.score),
            standing=_tell_standing(seen, own),
            verdict=verdict,
            dots=dots,
            height=height,
            who=_tell_who_stands(dots),
            statement=f"{', '.join(said)}.",
            contested=own.contested,
            agreed=level,
        )

    def write_agreed(self, question: Question) -> AgreedView | None:
        """Write what was agreed on a question, if they talked about it."""
        agreed = self._report.together.agreed.get(question.id)
        if agreed is None:
            return None
        score = self._questionnaire.scale_of(question).scores[agreed.choice] if agreed.choice else None
        until = agreed.before
        return AgreedView(
            verdict=self.tell_verdict(question, agreed),
            level=self._label(question, agreed.choice) if agreed.choice else "",
            reason=paragraphs(agreed.reason),
            minority_view=paragraphs(agreed.minority_view),
            meeting=tell_meeting(self._report.together, agreed),
            change=_tell_change(self._own[question.id].score, score),
            before=f"Before, on {day_words(until.meeting.held_on)}: {self.tell_verdict(question, until)}."
            if until
            else "",
        )

    def tell_verdict(self, question: Question, agreed: Agreed) -> str:
        """Say what was agreed: “Agreed: Established (75.0)”, or that it was not."""
        if not agreed.choice:
            return "Talked about, and not agreed"
        score = self._questionnaire.scale_of(question).scores[agreed.choice]
        return f"Agreed: {self._label(question, agreed.choice)} ({shown(score)})"

    def _label(self, question: Question, level_id: str) -> str:
        levels = self._questionnaire.scale_of(question).levels
        return next((one_line(level.label) for level in levels if level.id == level_id), one_line(level_id))

    def _prompt(self, topic: Topic) -> str:
        """Give the talk a beginning: who should say what first."""
        question = topic.question
        low, high, unknown = find_apart(self._questionnaire, question, self._report.together.answers)
        if topic.reason is Reason.UNSEEN or (unknown and not low):
            return f"{_names(unknown)} cannot tell. Who could find out, and by when?"
        if low:
            lowest, highest = self._level_of(question, low[0]), self._level_of(question, high[0])
            says = "says" if len(high) == ONE else "say"
            return (
                f"{_names(high)} {says} {quoted(highest)}: what do they see? Then {_names(low)}, with "
                f"{quoted(lowest)}: what do the others not see?"
            )
        return "Everybody sees this alike. What would it take to move up one level, and who would do it?"

    def _level_of(self, question: Question, organisation: str) -> str:
        return self._label(question, self._report.together.answers[organisation][question.id].choice)


def tell_meeting(together: Together, agreed: Agreed) -> str:
    """Say when something was agreed, who was there, and who wrote it down."""
    names = {partner.organisation_id: one_line(partner.name) for partner in together.partners}
    there = join(sorted(names.get(each, "an organisation that has left") for each in agreed.meeting.organisations))
    people = f" ({one_line(agreed.meeting.names)})" if agreed.meeting.names else ""
    missing = [each.name for each in together.submitted if each.organisation_id not in agreed.meeting.organisations]
    absent = f" Not there: {_names(missing)}." if missing else ""
    held = f"On {day_words(agreed.meeting.held_on)}, with {there}{people}.{absent}"
    return f"{held} Recorded by {one_line(agreed.recorded_by)}."


def _stack(voices: Sequence[Voice]) -> tuple[tuple[Dot, ...], str]:
    """Put those at the same score on top of each other, and give the height that this takes."""
    heights: dict[str, int] = {}
    places = []
    for voice in voices:
        heights[voice.x] = heights.get(voice.x, 0) + 1
        places.append(heights[voice.x])
    height = MARGIN * 2 + DOT * max(heights.values(), default=1)
    dots = (
        Dot(voice.organisation, voice.score, voice.x, str(height - MARGIN - DOT * place + DOT // 2))
        for voice, place in zip(voices, places, strict=True)
    )
    return tuple(dots), str(height)


def _tell_who_stands(dots: Sequence[Dot]) -> str:
    at: dict[str, list[str]] = {}
    for dot in sorted(dots, key=lambda dot: -float(dot.x)):
        at.setdefault(dot.score, []).append(dot.name)
    return " ".join(f"{score}: {join(names)}." for score, names in at.items())


def _names(names: Sequence[str]) -> str:
    return join([one_line(name) for name in names])


def _tell_spread(scored: QuestionScore) -> str:
    """Say how many organisations have a score on a question and how far apart they are."""
    if scored.state is not QuestionState.SCORED:
        return STATE_WORDS[scored.state]
    number = count(scored.organisations, "organisation")
    if not scored.average_deviation:
        return f"{number}, all at the same level"
    return f"{number}, {shown(scored.average_deviation)} from their mean on average"


def _tell_standing(seen: QuestionScore, own: QuestionScore) -> str:
    if seen.score is None:
        return ""
    if not seen.agreed:
        return f"{shown(seen.score)} out of 100."
    mean = "" if own.score is None else f" The mean of their own answers is {shown(own.score)}."
    return f"Agreed: {shown(seen.score)} out of 100.{mean}"


def _tell_change(before: Fraction | None, after: Fraction | None) -> str:
    if after is None:
        return ""
    if before is None:
        return "There was no score before: too few organisations chose a level."
    if before == after:
        return f"The mean of their own answers is the same: {shown(before)}."
    side = "lower" if after > before else "higher"
    return f"The mean of their own answers is {shown(before)}, {shown(abs(after - before))} {side}."


def _list_changes(report: PartnershipReport) -> tuple[str, ...]:
    """Say what agreeing changed, an enabler a sentence."""
    levels = report.together.agreed_levels
    if not levels:
        return ()
    lines = [f"{count(len(levels), 'question has', 'questions have')} an agreed level."]
    for before, after in zip(report.individual.scores.enablers, report.settled.scores.enablers, strict=True):
        if before.score == after.score:
            continue
        title = one_line(before.enabler.title)
        old = "no score" if before.score is None else shown(before.score)
        new = "no score" if after.score is None else shown(after.score)
        bands = {band.id: one_line(band.label) for band in (before.band, after.band) if band}
        moved = f", from {join([*bands.values()]).replace(' and ', ' to ')}" if len(bands) > ONE else ""
        lines.append(f"{title}: {old} as each answered, {new} with what was agreed{moved}.")
    return tuple(lines)
