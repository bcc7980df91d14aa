"""What a partnership may see of how far its organisations rely on one another, ready to print.

`make_trust_view` is the one way from ratings to anything that partners see.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.times import moment_words
from app.domain.together import Together
from app.domain.trust import LEAST_IN_RETURN, LEAST_RATERS, SETTLES, Rating, Returned, Standing, Trust, find_trust
from app.domain.trust_question import TrustQuestion
from app.renderings.words import in_words, join, one_line
from app.renderings.working import Column, Table

STANDING_WORDS: Final[Mapping[Standing, str]] = {
    Standing.RELIED_ON: "Most that rated it rely on it",
    Standing.DIVIDED: "Views are divided",
    Standing.NOT_RELIED_ON: "Most that rated it do not rely on it",
    Standing.WITHHELD: "Too few to show",
}
RETURNED_WORDS: Final[Mapping[Returned, str]] = {
    Returned.MOSTLY: "Trust is mostly returned: pairs of partners that rely on each other are more than pairs in "
    "which only one relies on the other.",
    Returned.NOT_MOSTLY: "Trust is not mostly returned: pairs of partners that rely on each other are no more than "
    "pairs in which only one relies on the other.",
    Returned.WITHHELD: "How far trust is returned is not shown: it is where at least "
    f"{in_words(LEAST_IN_RETURN).lower()} organisations all rated one another, so that no single rating can be worked "
    "back from it.",
}
RULE: Final = (
    f"A word stands where at least {in_words(LEAST_RATERS).lower()} others rated a partner. Who said what, how many "
    "said it and what two partners said of each other is never shown. It cannot be worked out from this, even by "
    "somebody who knows what their own organisation said. What was said is frozen with each organisation’s first "
    "submission before the round closed."
)


@dataclass(frozen=True, slots=True)
class TrustView:
    """How far the partners rely on one another, in words. Nothing is left to work out."""

    heading: str
    question: str
    """What was asked."""
    lead: tuple[str, ...]
    """What stands out, or why there is nothing; a sentence or two each."""
    table: Table | None
    """Every subject with its word; `None` where nothing is shown."""
    withheld: tuple[str, ...]
    """Why something is not shown, a sentence each."""
    rule: str
    """How it is made, and what is never shown."""


def make_trust_view(together: Together, ratings: Iterable[Rating], question: TrustQuestion, now: datetime) -> TrustView:
    """Put into words what may be shown to whoever sees the partnership report.

    `ratings` are those of `store.together.list_spoken`: of first submissions before the first closing. Before the round
    has closed the view says when it will be there, and nothing else.
    """
    trust = find_trust(question, ratings, together.closes_at, now)
    labels = {str(partner.organisation_id): one_line(partner.name) for partner in together.partners}
    labels |= {subject.id: one_line(subject.label) for subject in question.subjects}
    shown = {} if trust is None else {name: trust.standings[name] for name in labels if name in trust.standings}
    return TrustView(
        heading=one_line(question.title),
        question=one_line(question.text),
        lead=_lead(together, question, trust, shown, labels),
        table=_make_table(shown, labels) if shown else None,
        withheld=_explain(trust, shown, labels),
        rule=RULE,
    )


def _lead(
    together: Together,
    question: TrustQuestion,
    trust: Trust | None,
    shown: Mapping[str, Standing],
    labels: Mapping[str, str],
) -> tuple[str, ...]:
    if trust is None:
        return (f"This is shown once the round has closed, from {moment_words(together.closes_at + SETTLES)}.",)
    if not shown:
        return ("No organisation that submitted before the round closed said how far it can rely on others.",)
    beside = {subject.id for subject in question.subjects}
    relied, divided = _list(shown, labels, Standing.RELIED_ON), _list(shown, labels, Standing.DIVIDED)
    lead = []
    if relied:
        lead.append(f"Most that rated them rely on {join(relied)}.")
    if divided:
        lead.append(f"Views are divided on {join(divided)}.")
    for name, standing in shown.items():
        if standing is Standing.NOT_RELIED_ON:
            alone = "Not relied on by most" if name in beside else "Stands alone"
            lead.append(f"{alone}: {labels[name]}. Most that rated it do not rely on it.")
    if relied and not _list(shown, labels, Standing.NOT_RELIED_ON) and not divided:
        lead.append("Of those shown, nobody stands alone.")
    if trust.returned is not Returned.WITHHELD:
        lead.append(RETURNED_WORDS[trust.returned])
    return tuple(lead) or ("Too few rated one another to show anything.",)


def _list(shown: Mapping[str, Standing], labels: Mapping[str, str], wanted: Standing) -> list[str]:
    return [labels[name] for name, standing in shown.items() if standing is wanted]


def _make_table(shown: Mapping[str, Standing], labels: Mapping[str, str]) -> Table:
    return Table(
        caption="How far each is relied on",
        columns=(Column("Partner"), Column("What most say")),
        rows=tuple((labels[name], STANDING_WORDS[standing]) for name, standing in shown.items()),
    )


def _explain(trust: Trust | None, shown: Mapping[str, Standing], labels: Mapping[str, str]) -> tuple[str, ...]:
    if trust is None or not shown:
        return ()
    reasons = []
    if few := _list(shown, labels, Standing.WITHHELD):
        reasons.append(
            f"Fewer than {in_words(LEAST_RATERS).lower()} others rated {join(few)}. From so few, somebody who knows "
            "what their own organisation said could work out what another did."
        )
    if trust.returned is Returned.WITHHELD:
        reasons.append(RETURNED_WORDS[Returned.WITHHELD])
    return tuple(reasons)
