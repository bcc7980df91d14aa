"""The questionnaires on disk, all of them read and checked at the start: by id and version, with their learning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from app.domain.barriers import Barriers
from app.domain.errors import EnablersError, NotFoundError
from app.domain.learning import LearningLibrary
from app.domain.mirror import Mirror
from app.domain.questionnaire import Questionnaire
from app.domain.trust_question import TrustQuestion
from app.domain.values import in_quotes, is_id, one_line


class ReferenceFormError(EnablersError):
    """A reference to a questionnaire that is neither `id` nor `id@version`."""


class QuestionnaireMissingError(EnablersError):
    """A version that was answered is not among the files: a fault of the installation, not of whoever asks."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Which questionnaire somebody means; without a version the newest published one."""

    id: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `local-partners` or `local-partners@1`."""
        name, at, version = text.partition("@")
        number = version.isascii() and version.isdigit() and len(version) <= 7 and not version.startswith("0")  # noqa: PLR2004
        if not is_id(name) or (at and not number):
            raise ReferenceFormError(f"{in_quotes(text)} names no questionnaire; write its id, or id@version")
        return cls(name, int(version) if at else None)

    def __str__(self) -> str:
        """Give it back as text."""
        return self.id if self.version is None else f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a questionnaire; a draft until it is published."""

    questionnaire: Questionnaire
    published: date | None = None

    @property
    def status(self) -> str:
        """Where it stands, in a word."""
        return "draft" if self.published is None else "published"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every version of every questionnaire, by id and version."""

    entries: tuple[Entry, ...]
    learning: Mapping[str, LearningLibrary]
    """Framework id -> its learning library, where it has one."""
    barriers: Mapping[str, Barriers] = field(default_factory=dict)
    """Framework id -> its kinds of barrier, where it has some."""
    trust: Mapping[str, TrustQuestion] = field(default_factory=dict)
    """Framework id -> what it asks about trust, where it asks."""
    mirrors: Mapping[str, Mirror] = field(default_factory=dict)
    """Framework id -> what it asks from both sides, where it has pairs."""

    @property
    def published(self) -> tuple[Questionnaire, ...]:
        """The newest published version of each questionnaire, by id."""
        newest: dict[str, Questionnaire] = {}
        for entry in self.entries:
            if entry.published is not None:
                newest[entry.questionnaire.id] = entry.questionnaire
        return tuple(newest[name] for name in sorted(newest))

    def get(self, questionnaire_id: str, version: int | None = None) -> Questionnaire:
        """Give one version, or the newest published one; raise `NotFoundError` where there is none."""
        return self.get_entry(Reference(questionnaire_id, version)).questionnaire

    def get_entry(self, reference: Reference) -> Entry:
        """Give what a reference means, with its status."""
        versions = self._versions(reference.id)
        if reference.version is None:
            found = [entry for entry in versions if entry.published is not None]
        else:
            found = [entry for entry in versions if entry.questionnaire.version == reference.version]
        if not found:
            raise NotFoundError(self._absence(reference))
        return found[-1]

    def get_by_hash(self, content_hash: str) -> Questionnaire:
        """Give the version whose content has a hash; raise `QuestionnaireMissingError` where there is none."""
        for entry in self.entries:
            if entry.questionnaire.hash == content_hash:
                return entry.questionnaire
        raise QuestionnaireMissingError(
            f"The questionnaire version this was answered with is not installed ({one_line(content_hash[:80])}); "
            "put its file back"
        )

    def learning_of(self, framework_id: str) -> LearningLibrary | None:
        """Give the learning library of a framework, if it has one."""
        return self.learning.get(framework_id)

    def barriers_of(self, framework_id: str) -> Barriers | None:
        """Give the kinds of barrier of a framework, if it has some."""
        return self.barriers.get(framework_id)

    def trust_of(self, framework_id: str) -> TrustQuestion | None:
        """Give what a framework asks about trust, if it does."""
        return self.trust.get(framework_id)

    def mirror_of(self, framework_id: str) -> Mirror | None:
        """Give what a framework asks from both sides, if it has pairs."""
        return self.mirrors.get(framework_id)

    def _versions(self, questionnaire_id: str) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.questionnaire.id == questionnaire_id)

    def _absence(self, reference: Reference) -> str:
        versions = [entry.questionnaire.version for entry in self._versions(reference.id)]
        if not versions:
            return f"There is no questionnaire {in_quotes(reference.id)}"
        known = ", ".join(map(str, versions))
        if reference.version is None:
            return f"No version of the questionnaire “{reference.id}” is published yet; there are drafts: {known}"
        return f"The questionnaire “{reference.id}” has no version {reference.version}; it has {known}"
