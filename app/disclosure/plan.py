"""What a release is to be made of, and what may be known already."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

from app.disclosure.mirror import MirrorPlan
from app.disclosure.problem import Rules
from app.domain.aggregate import Contribution, Measure
from app.domain.questionnaire import Questionnaire
from app.domain.releases import CellKey, Content, DepartmentScores, Reach


@dataclass(frozen=True, slots=True)
class Past:
    """A release whose figures may have been read: what it showed, and of what."""

    contributions: tuple[Contribution, ...]
    content: Content
    departments: tuple[DepartmentScores, ...] = ()
    carried: Mapping[Measure, frozenset[CellKey]] = field(default_factory=dict)
    """Cells that are as an earlier release told them."""
    targets: Mapping[str, Fraction] = field(default_factory=dict)
    """Question -> the score under which it counts as a gap."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release is to be made of."""

    questionnaire: Questionnaire
    contributions: tuple[Contribution, ...]
    cuts: Mapping[str, tuple[str, ...]]
    """One-way cut -> its categories in order."""
    two_way: tuple[tuple[str, str], ...]
    """Pairs of one-way cuts."""
    insiders: tuple[frozenset[Hashable], ...]
    rules: Rules
    earlier: tuple[Past, ...] = ()
    """Releases of the same round that may have been read, the newest last."""
    before: tuple[Past, ...] = ()
    """Those of the round before, the newest last."""
    before_questionnaire: Questionnaire | None = None
    before_title: str = ""
    is_followed: bool = False
    """Whether a release of a later round may have been read, which tells the change since this one."""
    targets: Mapping[str, Fraction] = field(default_factory=dict)
    """Question -> the score under which it counts as a gap; of all whose gaps are to be counted."""
    departments: Mapping[UUID, str] = field(default_factory=dict)
    reach: Reach | None = None
    spend_year: int | None = None
    """The year that spending is of."""
    mirror: MirrorPlan | None = None
