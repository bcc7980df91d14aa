"""The report for a terminal: at most 80 columns, no colour, in the order a screen reader should read it."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from app.renderings.partnership_view import PartnershipView
from app.renderings.shapes import GapView, ProfileRow, ReportView, ResourceView, SectionWords
from app.renderings.view_actions import ActionRow
from app.renderings.view_together import Talk
from app.renderings.words import count, sentence
from app.renderings.working import Step, Working

WIDTH: Final = 80
BAR: Final = 20
"""Columns of a bar that stands for 100."""


def render(view: ReportView) -> str:
    """Write the report as text."""
    words = view.sections
    parts = (
        _head(view),
        _section(words.lead, _points([line.text for line in view.lead])),
        _section(words.profile, _profile(view)),
        _section(words.barriers, _barriers(view)),
        _section(words.first_gaps, _gaps(view.first_gaps)),
        _section(words.other_gaps, _gaps(view.other_gaps)),
        *([_section(words.differences, _differences(view))] if view.partnership else []),
        _section(words.strengths, _strengths(view)),
        _section(words.unseen, _unseen(view)),
        _section(words.workings, _workings(view)),
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def render_partnership(view: PartnershipView) -> str:
    """Write the report of a partnership as text: what is planned and agreed first, then the rest."""
    parts = (
        _section(SectionWords("What we will do", "No action is planned yet."), _plan(view.plan)),
        _section(SectionWords("Done, answered or dropped"), _plan(view.finished)),
        _section(SectionWords("What was agreed", "Nothing is agreed yet."), _agreed(view.together.talks)),
    )
    return render(view.report) + "\n" + "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _plan(rows: Sequence[ActionRow]) -> Iterator[str]:
    for row in rows:
        overdue = ", overdue" if row.is_overdue else ""
        yield from _wrapped(f"- {row.title}", hanging="  ")
        yield from _wrapped(f"{row.owner_organisation}, {row.owner}, until {row.due}: {row.status}{overdue}", "  ")
        yield from _wrapped(f"What will show that it worked: {row.measure}", "  ")
        for line in (f"Asked of: {row.department}" if row.department else "", row.change):
            if line:
                yield from _wrapped(line, "  ")
        yield ""


def _agreed(talks: Sequence[Talk]) -> Iterator[str]:
    for talk in talks:
        if talk.agreed:
            yield from _wrapped(f"{talk.spread.question}")
            yield from _wrapped(talk.agreed.verdict, "  ")
            for paragraph in (*talk.agreed.reason, *talk.agreed.minority_view, talk.agreed.meeting):
                yield from _wrapped(paragraph, "  ")
            yield ""


def _head(view: ReportView) -> Iterator[str]:
    yield from _wrapped(f"{view.title}: {view.subject}")
    for fact in view.context:
        yield from _wrapped(f"{fact.label}: {fact.text}")
    if view.partnership:
        yield from _wrapped(f"{count(len(view.organisations), 'organisation')}: {', '.join(view.organisations)}")
    yield from _wrapped(f"Questionnaire: {view.source}")
    yield ""


def _section(words: SectionWords, lines: Iterator[str]) -> Iterator[str]:
    body = list(lines) or list(_wrapped(words.empty))
    while body and not body[-1]:
        body.pop()
    if body:
        yield words.heading.upper()
        yield ""
        yield from body
        yield ""


def _wrapped(text: str, indent: str = "", hanging: str | None = None) -> Iterator[str]:
    yield from wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_on_hyphens=False,
    )


def _points(lines: Sequence[str], indent: str = "") -> Iterator[str]:
    for line in lines:
        yield from _wrapped(line, f"{indent}- ", f"{indent}  ")


def _profile(view: ReportView) -> Iterator[str]:
    for row in view.profile:
        yield from _wrapped(row.statement)
        if row.score:
            yield f"  [{_bar(row)}]"
        facts = [f"answers counted {row.coverage}"] * bool(row.coverage)
        facts += [f"don’t know {row.dont_know}"] * bool(row.dont_know)
        facts += [f"not applicable {row.not_applicable}"] * (row.not_applicable != "0")
        facts += [f"way to target {row.percent_to_target}"] * bool(row.percent_to_target)
        if facts:
            yield from _wrapped(_capitalised(", ".join(facts)), "  ")
        if row.marks:
            yield from _wrapped("By organisation: " + ", ".join(f"{m.name} {m.score}" for m in row.marks) + ".", "  ")
        yield ""
    yield from _wrapped("Bands: " + ", ".join(f"{band.label.lower()} {band.span}" for band in view.bands) + ".")
    yield from _points(view.rules)


def _bar(row: ProfileRow) -> str:
    return ("#" * int(float(row.x) * BAR / 100)).ljust(BAR, ".")


def _capitalised(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _barriers(view: ReportView) -> Iterator[str]:
    for barrier in view.barriers:
        yield from _wrapped(f"{barrier.title} ({barrier.score}, {barrier.band.lower()})")
        for line in (barrier.text, *barrier.why):
            yield from _wrapped(line, "  ")
        yield ""


def _gaps(gaps: Sequence[GapView]) -> Iterator[str]:
    for gap in gaps:
        yield from _wrapped(f"{gap.place}. {gap.question}", "", "   ")
        marks = ["critical question"] * gap.critical + ["contested"] * gap.contested
        yield from _wrapped("; ".join([gap.enabler, *marks]), "   ")
        yield from _wrapped(
            f"Score {gap.score}, target {gap.target}, gap {gap.gap}, weight {gap.weight}, priority {gap.priority}.",
            "   ",
        )
        yield from _wrapped(f"{gap.reached_words}: {gap.reached.label}. {gap.reached.text}", "   ")
        if gap.next:
            yield from _wrapped(f"Next step up: {gap.next.label}. {gap.next.text}", "   ")
        if gap.target_level:
            yield from _wrapped(f"Target: {gap.target_level}.", "   ")
        yield from _named(gap)
        yield from _learning(gap)
        for paragraph in gap.note:
            yield from _wrapped(f"Note with the answer: {paragraph}", "   ")
        if gap.evidence or gap.evidence_link:
            yield from _evidence(gap)
        yield ""


def _evidence(gap: GapView) -> Iterator[str]:
    yield from _wrapped(f"Evidence: {gap.evidence}".rstrip(), "   ")
    if gap.evidence_link:
        yield f"   {gap.evidence_link}"


def _named(gap: GapView) -> Iterator[str]:
    for barrier in gap.named:
        yield from _wrapped(
            f"Stands in the way: {sentence(barrier.label)} Next step: {barrier.next_step}", "   ", "     "
        )
        yield from _resources(barrier.resources)


def _learning(gap: GapView) -> Iterator[str]:
    for point in gap.learning:
        yield from _wrapped(f"Learning: {point.text}", "   ", "     ")
        yield from _resources(point.resources)
    if gap.learning_elsewhere:
        places = ", ".join(str(other.place) for other in gap.learning_elsewhere)
        yield from _wrapped(f"See also the learning under {places}.", "   ")


def _resources(resources: Sequence[ResourceView]) -> Iterator[str]:
    for resource in resources:
        yield from _wrapped(f"* {sentence(resource.name)}", "     ", "       ")
        for words in (resource.about, resource.status):
            yield from _wrapped(words, "       ")
        if resource.link:
            yield f"       {resource.link}"


def _differences(view: ReportView) -> Iterator[str]:
    for difference in view.differences:
        yield from _wrapped(difference.question)
        yield from _wrapped(difference.text, "  ")
        yield from _points([", ".join(cell for cell in row if cell) for row in difference.answers.rows], "  ")
        yield ""


def _strengths(view: ReportView) -> Iterator[str]:
    for group in view.strengths:
        yield from _wrapped(group.enabler)
        for item in group.items:
            level = f"{item.level}, " if item.level else ""
            yield from _wrapped(
                f"- {item.question} {level}score {item.score}, target {item.target}: {item.beside_target}.",
                "  ",
                "    ",
            )
        yield ""


def _unseen(view: ReportView) -> Iterator[str]:
    yield from _points(view.findings)
    for item in view.unseen:
        reasons = f" ({'; '.join(item.reasons)})" if item.reasons else ""
        yield from _wrapped(f"- {item.enabler}: {item.question} {item.state}{reasons}", "", "  ")


def _workings(view: ReportView) -> Iterator[str]:
    for working in view.workings:
        yield from _working(working)
    yield from _wrapped(f"Fingerprint of the questionnaire: {view.fingerprint}")


def _working(working: Working) -> Iterator[str]:
    yield from _wrapped(working.title)
    for step in working.steps:
        yield from _step(step)
    yield ""


def _step(step: Step) -> Iterator[str]:
    """Write a step in brief: its sums, and without the tables, which the page and the PDF have."""
    yield f"  {step.label}"
    for line in step.lines:
        yield from _wrapped(line, "    ", "      ")
