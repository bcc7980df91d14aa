"""Who took part in which of two rounds, what stands for a question in each, and what that means for a change."""

from collections.abc import Sequence

from app.domain.change import PartnershipChange
from app.domain.partnership_report import PartnershipReport
from app.domain.together import Partner
from app.renderings.shapes_change import SameView
from app.renderings.words import count, join, one_line
from app.renderings.working import Table


def describe_shows(change: PartnershipChange, *, settled: bool) -> tuple[str, ...]:
    """Say what stands for a question in each round, where that is not what the organisations answered in both."""
    if not settled:
        return ()
    lines = [
        f"{one_line(each.together.round)} is shown {_describe_agreed(each)}."
        for each in (change.baseline, change.current)
    ]
    agreed = [frozenset(each.together.agreed_levels) for each in (change.baseline, change.current)]
    once = sum(each.question.id in agreed[0] ^ agreed[1] for each in change.whole.questions if each.course is not None)
    if once:
        lines.append(
            f"{count(once, 'question')} that {'is' if once == 1 else 'are'} compared "
            f"{'has' if once == 1 else 'have'} an agreed level in one of the two rounds only. "
            f"Part of {'its' if once == 1 else 'their'} change may come from that."
        )
    return tuple(lines)


def _describe_agreed(report: PartnershipReport) -> str:
    number = len(report.together.agreed_levels)
    if not number:
        return "as each organisation answered, as nothing was agreed in it"
    return f"as agreed: {count(number, 'question has', 'questions have')} the agreed level, the others the mean"


def describe_who(change: PartnershipChange) -> tuple[str, ...]:
    """Say who took part when."""
    then, now = one_line(change.baseline.together.round), one_line(change.current.together.round)
    lines = []
    if change.same is None:
        number = len(change.both)
        lines.append(
            f"The same {count(number, 'organisation')} submitted in both rounds: {_name(change.both)}. "
            "So no change comes from which organisations took part."
        )
    else:
        for words, partners in (
            ("Submitted in both rounds", change.both),
            (f"Submitted in {then} only", change.only_then),
            (f"Submitted in {now} only", change.only_now),
        ):
            lines += [f"{words}: {_name(partners)}."] * bool(partners)
        lines.append("Part of a change may come from which organisations took part.")
    waiting = [each for each in change.current.together.partners if not each.is_in and each.left_at is None]
    lines += [f"Not submitted yet in {now}: {_name(waiting)}."] * bool(waiting)
    return tuple(lines)


def _name(partners: Sequence[Partner]) -> str:
    return join([one_line(each.name) + (" (has left)" if each.left_at else "") for each in partners])


def describe_same(change: PartnershipChange, table: Table | None) -> SameView | None:
    """Say what changed among those who took part in both rounds."""
    if change.same is None:
        return None
    number = len(change.both)
    least = change.current.questionnaire.framework.rules.minimum_organisations
    if number < least:
        who = "No organisation" if number == 0 else f"Only {count(number, 'organisation')}"
        return SameView(f"{who} submitted in both rounds. It takes at least {least} to compare them apart.", None)
    text = (
        f"Among the {count(number, 'organisation')} that submitted in both rounds, as each answered. "
        "What changes here does not come from which organisations took part."
    )
    return SameView(text, table)
