"""What a questionnaire says of its framework, and its questions of each other, checked on the tree."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.catalogue.faults import find_near, join_words, shown, suggest
from app.catalogue.framework_checks import FrameworkNames
from app.catalogue.references import check_each_known, check_known, check_unique
from app.catalogue.tree import MappingNode, Spot


def check_questionnaire(root: Spot, names: FrameworkNames | None) -> None:
    """Add every fault of reference; without `names` (a framework that cannot be read) only those inside the file."""
    sections = list(root.mappings("sections"))
    check_unique(sections, "sections")
    all_questions = [question for section in sections for question in section.mappings("questions")]
    check_unique(all_questions, "questions")
    checker = _QuestionChecker(names, tuple(question.word("id") or "" for question in all_questions))
    if names is not None:
        for section in sections:
            check_known(section, "enabler", names.enablers, "enabler of the framework")
    for question in all_questions:
        checker.check(question)


def check_framework_named(root: Spot, names: FrameworkNames | None) -> None:
    """Add a fault where a file names another framework than the one beside it."""
    named = root.node.get("framework")
    if named is None and "framework" not in root.node:
        return
    if not isinstance(named, str):
        root.fault("framework", f"must be the id of the framework, not {shown(named)}")
    elif names is not None and names.id is not None and named != names.id:
        root.fault("framework", f"is {shown(named)}, but the framework.yaml beside it is {shown(names.id)}; change one")


@dataclass(slots=True)
class _QuestionChecker:
    """Goes through the questions in order and remembers the scales of those it has seen."""

    names: FrameworkNames | None
    all_ids: tuple[str, ...]
    scales: dict[str, str | None] = field(default_factory=dict)
    """Question id -> the scale it names."""

    def check(self, question: Spot) -> None:
        """Check one question, and remember it."""
        if self.names is not None:
            check_known(question, "scale", self.names.scales, "scale of the framework")
            check_each_known(question, "serves", self.names.checklist, "item of the framework’s checklist")
            check_each_known(question, "evidence", self.names.evidence, "kind of evidence of the framework")
        levels = self._levels_of(question.word("scale"))
        check_known(question, "target", levels, "level of its scale")
        _check_descriptors(question, levels)
        self._check_condition(question)
        question_id = question.word("id")
        if question_id is not None:
            self.scales.setdefault(question_id, question.word("scale"))

    def _levels_of(self, scale: str | None) -> Collection[str]:
        return () if self.names is None or scale is None else self.names.scales.get(scale, ())

    def _check_condition(self, question: Spot) -> None:
        condition = question.mapping("when")
        earlier = None if condition is None else condition.word("question")
        if condition is None or earlier is None:
            return
        if earlier == question.word("id"):
            condition.fault("question", "is the question itself; name an earlier one")
        elif earlier not in self.scales:
            condition.fault("question", f"{shown(earlier)} is no earlier question; {self._advice(earlier)}")
        else:
            check_known(condition, "at_least", self._levels_of(self.scales[earlier]), f"level of {shown(earlier)}")

    def _advice(self, wanted: str) -> str:
        near = find_near(wanted, self.all_ids)
        if near == wanted:
            return "it stands further down; move it up, or ask another one"
        return "name one that stands before this question" if near is None else f"did you mean {shown(near)}?"


def _check_descriptors(question: Spot, levels: Collection[str]) -> None:
    """Add a fault for every level without a descriptor, and for every descriptor without a level."""
    descriptors = question.mapping("descriptors")
    if descriptors is None or not levels:
        return
    node: MappingNode = descriptors.node
    missing = [level for level in levels if level not in node]
    if missing and not node.incomplete:
        descriptors.fault(None, f"has no descriptor of {join_words(map(shown, missing))}; add one for each level")
    for key in node:
        if key not in levels and not descriptors.faults.full:
            descriptors.fault_at_key(key, f"is no level of the question’s scale; {suggest(key, levels)}")
