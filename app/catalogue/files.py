"""One file of each kind, read: source -> tree -> shape and references, every fault gathered on the way."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from app.catalogue.barriers_checks import check_barriers
from app.catalogue.faults import WHOLE_FILE, FaultList, shown
from app.catalogue.framework_checks import FrameworkNames, check_framework, read_names
from app.catalogue.learning_checks import check_learning
from app.catalogue.mirror_checks import Asked, check_mirror
from app.catalogue.questionnaire_checks import check_framework_named, check_questionnaire
from app.catalogue.shapes import read_shape
from app.catalogue.source import NO_FILE, read_source
from app.catalogue.tree import ReadFile, Spot
from app.catalogue.trust_checks import check_trust
from app.catalogue.yaml_reader import read_yaml
from app.domain.barriers import Barriers
from app.domain.learning import LearningLibrary
from app.domain.mirror import Mirror
from app.domain.questionnaire import Framework, Questionnaire
from app.domain.trust_question import TrustQuestion

FRAMEWORK_NAME: Final = "framework.yaml"
LEARNING_NAME: Final = "learning.yaml"
BARRIERS_NAME: Final = "barriers.yaml"
TRUST_NAME: Final = "trust.yaml"
MIRROR_NAME: Final = "mirror.yaml"


def read_framework(path: Path) -> ReadFile[Framework]:
    """Read a framework.yaml."""
    faults, root = _read_tree(path, f"there is no {FRAMEWORK_NAME} here; every file of a framework needs it beside it")
    if root is None:
        return ReadFile(path, faults, None, None)
    check_framework(root)
    return ReadFile(path, faults, root, read_shape(Framework, root.node, faults))


def names_of(framework: ReadFile[Framework]) -> FrameworkNames | None:
    """Give the names that other files may use; `None` where the framework cannot be read at all."""
    return None if framework.root is None else read_names(framework.root)


def read_questionnaire(path: Path, framework: ReadFile[Framework]) -> ReadFile[Questionnaire]:
    """Read one version of a questionnaire, against the framework beside it."""
    faults, root = _read_tree(path)
    if root is None:
        return ReadFile(path, faults, None, None)
    names = names_of(framework)
    check_framework_named(root, names)
    check_questionnaire(root, names)
    part = read_shape(Questionnaire, root.node, faults, {"framework": framework.made})
    return ReadFile(path, faults, root, part)


def read_learning(path: Path, framework: ReadFile[Framework], questions: Collection[str]) -> ReadFile[LearningLibrary]:
    """Read a learning.yaml, against the framework beside it and the questions of its questionnaires."""
    faults, root = _read_tree(path)
    if root is None:
        return ReadFile(path, faults, None, None)
    names = names_of(framework)
    check_framework_named(root, names)
    check_learning(root, names, questions)
    return ReadFile(path, faults, root, read_shape(LearningLibrary, root.node, faults))


def read_barriers(
    path: Path, framework: ReadFile[Framework], learning: ReadFile[LearningLibrary] | None
) -> ReadFile[Barriers]:
    """Read a barriers.yaml, against the framework and the learning library beside it, where there is one."""
    faults, root = _read_tree(path)
    if root is None:
        return ReadFile(path, faults, None, None)
    names = names_of(framework)
    check_framework_named(root, names)
    check_barriers(root, names, () if learning is None else find_resource_ids(learning))
    return ReadFile(path, faults, root, read_shape(Barriers, root.node, faults))


def find_resource_ids(learning: ReadFile[LearningLibrary]) -> frozenset[str] | None:
    """Give the ids of a library's resources, faulty ones included; `None` where it cannot be read at all."""
    if learning.root is None:
        return None
    return frozenset(
        resource_id
        for resource in learning.root.mappings("resources")
        if (resource_id := resource.word("id")) is not None
    )


def read_trust(path: Path, framework: ReadFile[Framework]) -> ReadFile[TrustQuestion]:
    """Read a trust.yaml, against the framework beside it."""
    faults, root = _read_tree(path)
    if root is None:
        return ReadFile(path, faults, None, None)
    names = names_of(framework)
    check_framework_named(root, names)
    check_trust(root, names)
    return ReadFile(path, faults, root, read_shape(TrustQuestion, root.node, faults))


def read_mirror(path: Path, framework: ReadFile[Framework], questionnaires: Mapping[str, Asked]) -> ReadFile[Mirror]:
    """Read a mirror.yaml, against the framework beside it and what its questionnaires ask, by id."""
    faults, root = _read_tree(path)
    if root is None:
        return ReadFile(path, faults, None, None)
    check_framework_named(root, names_of(framework))
    check_mirror(root, questionnaires)
    return ReadFile(path, faults, root, read_shape(Mirror, root.node, faults))


def find_question_ids(root: Spot) -> set[str]:
    """Give the ids of a questionnaire's questions, faulty ones included."""
    return {
        question_id
        for section in root.mappings("sections")
        for question in section.mappings("questions")
        if (question_id := question.word("id")) is not None
    }


def check_file_name(questionnaire: ReadFile[Questionnaire]) -> None:
    """Add a fault where a file among the shipped ones is not named by its id and version."""
    root = questionnaire.root
    version = None if root is None else root.number("version")
    if root is None or version is None or (questionnaire_id := root.word("id")) is None:
        return
    expected = f"{questionnaire_id}.v{version}.yaml"
    if questionnaire.path.name != expected:
        questionnaire.faults.add(
            WHOLE_FILE, f"is {shown(questionnaire_id)} version {version}; name the file {expected}, or change the two"
        )


def _read_tree(path: Path, absence: str = NO_FILE) -> tuple[FaultList, Spot | None]:
    faults = FaultList(path)
    text = read_source(path, faults, absence=absence)
    node = None if text is None else read_yaml(text, faults)
    return faults, None if node is None else Spot.at_root(node, faults)
