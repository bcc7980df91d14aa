"""A folder of frameworks -> a catalogue, or every fault of every file in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.catalogue.catalogue import Catalogue, Entry, Reference
from app.catalogue.faults import WHOLE_FILE, CatalogueError, Fault, shown
from app.catalogue.files import (
    BARRIERS_NAME,
    FRAMEWORK_NAME,
    LEARNING_NAME,
    MIRROR_NAME,
    TRUST_NAME,
    check_file_name,
    find_question_ids,
    read_barriers,
    read_framework,
    read_learning,
    read_mirror,
    read_questionnaire,
    read_trust,
)
from app.catalogue.mirror_checks import Asked
from app.catalogue.snapshots import FOLDER as SNAPSHOTS
from app.catalogue.snapshots import Snapshot, check_unchanged, list_snapshot_paths, read_snapshot, snapshot_path
from app.catalogue.source import folders_in_words
from app.catalogue.tree import ReadFile
from app.domain.barriers import Barriers
from app.domain.learning import LearningLibrary
from app.domain.mirror import Mirror
from app.domain.questionnaire import Framework, Questionnaire
from app.domain.trust_question import TrustQuestion

_YAML: Final = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class FrameworkFolder:
    """One framework's folder, every file of it read."""

    path: Path
    framework: ReadFile[Framework]
    questionnaires: tuple[ReadFile[Questionnaire], ...]
    snapshots: tuple[ReadFile[Snapshot], ...]
    learning: ReadFile[LearningLibrary] | None
    barriers: ReadFile[Barriers] | None = None
    trust: ReadFile[TrustQuestion] | None = None
    mirror: ReadFile[Mirror] | None = None

    def faults(self) -> list[Fault]:
        """Give everything wrong with any of the files."""
        beside = (self.learning, self.barriers, self.trust, self.mirror)
        files = (self.framework, *self.questionnaires, *self.snapshots, *beside)
        return [fault for file in files if file is not None for fault in file.faults.all()]

    def entries(self) -> Iterator[Entry]:
        """Give every version: those with a file, and those that only their snapshot is left of."""
        snapshots = {_version(file.made.content): file.made for file in self.snapshots if file.made is not None}
        for file in self.questionnaires:
            if file.made is not None:
                snapshot = snapshots.pop(_version(file.made), None)
                yield Entry(file.made, None if snapshot is None else snapshot.published)
        yield from (Entry(snapshot.content, snapshot.published) for snapshot in snapshots.values())


def load(folder: Path) -> Catalogue:
    """Read all frameworks of a folder; raise one `CatalogueError` with everything wrong with any of their files."""
    with folders_in_words(folder):
        frameworks = [read_framework_folder(path) for path in _list_framework_folders(folder)]
    _check_ids_across(frameworks)
    faults = [fault for framework in frameworks for fault in framework.faults()]
    if not frameworks:
        faults.append(Fault(str(folder), *WHOLE_FILE, f"holds no framework; add a folder with a {FRAMEWORK_NAME}"))
    if faults:
        raise CatalogueError(faults)
    entries = [entry for framework in frameworks for entry in framework.entries()]
    libraries = [f.learning.made for f in frameworks if f.learning is not None and f.learning.made is not None]
    kinds = [f.barriers.made for f in frameworks if f.barriers is not None and f.barriers.made is not None]
    questions = [f.trust.made for f in frameworks if f.trust is not None and f.trust.made is not None]
    mirrors = [f.mirror.made for f in frameworks if f.mirror is not None and f.mirror.made is not None]
    return Catalogue(
        entries=tuple(sorted(entries, key=lambda entry: _version(entry.questionnaire))),
        learning={library.framework: library for library in libraries},
        barriers={barriers.framework: barriers for barriers in kinds},
        trust={question.framework: question for question in questions},
        mirrors={mirror.framework: mirror for mirror in mirrors},
    )


def load_questionnaire_file(path: Path) -> Questionnaire:
    """Read a questionnaire anywhere, against the framework.yaml beside it; raise `CatalogueError` with all faults."""
    with folders_in_words(path):
        framework, questionnaire = _read_with_framework(path)
    faults = [*framework.faults.all(), *questionnaire.faults.all()]
    if faults or questionnaire.made is None:
        raise CatalogueError(faults)
    return questionnaire.made


def get_questionnaire(text: str, folder: Path) -> tuple[Questionnaire, LearningLibrary | None]:
    """Give what a person names, with its learning: a file by its path, or one of a folder by `id` or `id@version`.

    A file anywhere may stand beside a learning library; one that has faults is left aside, as the file may be a draft.
    """
    path = Path(text)
    if path.suffix.lower() in _YAML or path.name != text:
        questionnaire = load_questionnaire_file(path)
        with folders_in_words(path.parent):
            library = read_framework_folder(path.parent).learning
        return questionnaire, library.made if library is not None and not library.faults else None
    catalogue = load(folder)
    questionnaire = catalogue.get_entry(Reference.parse(text)).questionnaire
    return questionnaire, catalogue.learning_of(questionnaire.framework.id)


def find_faults(paths: Iterable[Path]) -> tuple[Fault, ...]:
    """Give everything wrong with files of any kind, known by their names, and with folders of them."""
    faults: list[Fault] = []
    for path in paths:
        try:
            with folders_in_words(path):
                faults.extend(_find_faults_at(path))
        except CatalogueError as error:
            faults.extend(error.faults)
    return CatalogueError(dict.fromkeys(faults)).faults


def read_framework_folder(folder: Path) -> FrameworkFolder:
    """Read every file of a framework's folder."""
    framework = read_framework(folder / FRAMEWORK_NAME)
    _check_folder_name(folder, framework)
    beside = {FRAMEWORK_NAME, LEARNING_NAME, BARRIERS_NAME, TRUST_NAME, MIRROR_NAME}
    others = (path for path in _list_yaml(folder) if path.name not in beside)
    questionnaires = tuple(read_questionnaire(path, framework) for path in others)
    snapshots = tuple(read_snapshot(path) for path in list_snapshot_paths(folder))
    _check_questionnaires(questionnaires, {file.path.name: file for file in snapshots})
    for snapshot in snapshots:
        _check_snapshot_framework(folder, snapshot)
    path = folder / LEARNING_NAME
    learning = read_learning(path, framework, _question_ids(questionnaires, snapshots)) if path.exists() else None
    path = folder / BARRIERS_NAME
    barriers = read_barriers(path, framework, learning) if path.exists() else None
    path = folder / TRUST_NAME
    trust = read_trust(path, framework) if path.exists() else None
    path = folder / MIRROR_NAME
    mirror = read_mirror(path, framework, _find_asked(questionnaires, snapshots)) if path.exists() else None
    return FrameworkFolder(folder, framework, questionnaires, snapshots, learning, barriers, trust, mirror)


def _check_folder_name(folder: Path, framework: ReadFile[Framework]) -> None:
    framework_id = None if framework.root is None else framework.root.word("id")
    name = folder.resolve().name
    if framework.root is not None and framework_id is not None and framework_id != name:
        framework.root.fault("id", f"is {shown(framework_id)}, but its folder is {shown(name)}; change one")


def _check_questionnaires(files: Iterable[ReadFile[Questionnaire]], snapshots: dict[str, ReadFile[Snapshot]]) -> None:
    """Add the faults of a folder's questionnaires beside each other and beside what was published."""
    seen: dict[tuple[str, object], Path] = {}
    for file in files:
        check_file_name(file)
        questionnaire_id = None if file.root is None else file.root.word("id")
        if file.root is None or questionnaire_id is None:
            continue
        version = file.root.number("version")
        first = seen.setdefault((questionnaire_id, version), file.path)
        if first != file.path:
            file.root.fault(
                "id", f"{shown(questionnaire_id)} version {version} is {first.name} already; raise “version”"
            )
        elif (snapshot := snapshots.get(snapshot_path(file.path, questionnaire_id, version).name)) is not None:
            check_unchanged(file, snapshot)


def _check_snapshot_framework(folder: Path, snapshot: ReadFile[Snapshot]) -> None:
    if snapshot.made is not None and snapshot.made.content.framework.id != folder.resolve().name:
        framework_id = snapshot.made.content.framework.id
        snapshot.faults.add(WHOLE_FILE, f"belongs to the framework {shown(framework_id)}; move it to that folder")


def _check_ids_across(frameworks: Iterable[FrameworkFolder]) -> None:
    """Add a fault for every questionnaire whose id an earlier framework has taken."""
    owners: dict[str, Path] = {}
    for framework in frameworks:
        for file in framework.questionnaires:
            questionnaire_id = None if file.root is None else file.root.word("id")
            if file.root is None or questionnaire_id is None:
                continue
            owner = owners.setdefault(questionnaire_id, framework.path)
            if owner != framework.path:
                file.root.fault(
                    "id", f"{shown(questionnaire_id)} is a questionnaire of {owner.name} already; rename it"
                )


def _question_ids(
    questionnaires: Iterable[ReadFile[Questionnaire]], snapshots: Iterable[ReadFile[Snapshot]]
) -> set[str]:
    """Give the ids of all questions; none where one file cannot be read, so that it is not held against others."""
    ids: set[str] = set()
    for file in questionnaires:
        if file.root is None:
            return set()
        ids |= find_question_ids(file.root)
    for snapshot in snapshots:
        if snapshot.made is not None:
            ids |= snapshot.made.content.questions_by_id.keys()
    return ids


def _find_asked(
    questionnaires: Iterable[ReadFile[Questionnaire]], snapshots: Iterable[ReadFile[Snapshot]]
) -> dict[str, Asked]:
    """Give questionnaire id -> what all its versions ask; nothing where one file cannot be read, as above."""
    audiences: defaultdict[str, set[str]] = defaultdict(set)
    questions: defaultdict[str, set[str]] = defaultdict(set)
    for file in questionnaires:
        if file.root is None:
            return {}
        questionnaire_id = file.root.word("id") or ""
        audiences[questionnaire_id] |= {file.root.word("audience") or ""} - {""}
        questions[questionnaire_id] |= find_question_ids(file.root)
    for snapshot in snapshots:
        if snapshot.made is not None:
            content = snapshot.made.content
            audiences[content.id].add(content.audience)
            questions[content.id] |= content.questions_by_id.keys()
    return {name: Asked(audiences[name], questions[name]) for name in questions if name}


def _read_with_framework(path: Path) -> tuple[ReadFile[Framework], ReadFile[Questionnaire]]:
    framework = read_framework(path.parent / FRAMEWORK_NAME)
    questionnaire = read_questionnaire(path, framework)
    if questionnaire.made is not None and not questionnaire.faults:
        snapshot = snapshot_path(path.parent, *_version(questionnaire.made))
        if snapshot.exists():
            check_unchanged(questionnaire, read_snapshot(snapshot))
    return framework, questionnaire


def _find_faults_at(path: Path) -> list[Fault]:
    if path.is_dir():
        return _find_faults_in_folder(path)
    if path.name == FRAMEWORK_NAME:
        return read_framework(path).faults.all()
    if path.parent.name == SNAPSHOTS and path.suffix == ".json":
        return read_snapshot(path).faults.all()
    if path.name in {LEARNING_NAME, BARRIERS_NAME, MIRROR_NAME} and path.exists():
        home = read_framework_folder(path.parent)
        files = {LEARNING_NAME: home.learning, BARRIERS_NAME: home.barriers, MIRROR_NAME: home.mirror}
        beside = files[path.name]
        return [] if beside is None else beside.faults.all()
    if path.name == TRUST_NAME and path.exists():
        return read_trust(path, read_framework(path.parent / FRAMEWORK_NAME)).faults.all()
    framework, questionnaire = _read_with_framework(path)
    return [*framework.faults.all(), *questionnaire.faults.all()]


def _find_faults_in_folder(folder: Path) -> list[Fault]:
    if (folder / FRAMEWORK_NAME).exists():
        return read_framework_folder(folder).faults()
    load(folder)
    return []


def _list_framework_folders(folder: Path) -> Iterator[Path]:
    """Give the folders that hold YAML files, and so should be frameworks."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.name.startswith(".") and any(_list_yaml(path)):
                yield path


def _list_yaml(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _YAML and not path.name.startswith("."):
            yield path


def _version(questionnaire: Questionnaire) -> tuple[str, int]:
    return questionnaire.id, questionnaire.version
