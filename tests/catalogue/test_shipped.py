"""What is shipped: the questionnaires and learning library load clean and cover what they promise to cover."""

import json
from pathlib import Path

import pytest

from app.catalogue import Catalogue, load
from app.catalogue.schemas import KINDS, make_schema
from app.domain.learning import find_learning

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "questionnaires"
SCHEMAS = ROOT / "docs" / "schemas"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(SHIPPED)


def test_every_checklist_item_is_served_by_a_question(catalogue: Catalogue) -> None:
    for framework in {
        entry.questionnaire.framework.id: entry.questionnaire.framework for entry in catalogue.entries
    }.values():
        served = {
            (entry.questionnaire.audience, item)
            for entry in catalogue.entries
            if entry.questionnaire.framework.id == framework.id
            for question in entry.questionnaire.questions
            for item in question.serves
        }
        assert {(item.audience, item.id) for item in framework.checklist} == served


def test_every_question_in_every_band_leads_to_learning(catalogue: Catalogue) -> None:
    for entry in catalogue.entries:
        questionnaire = entry.questionnaire
        library = catalogue.learning_of(questionnaire.framework.id)
        assert library is not None
        for section in questionnaire.sections:
            for question in section.questions:
                for band in questionnaire.framework.bands:
                    points = find_learning(library, question.id, section.enabler, band.id)
                    assert points, f"{questionnaire.id}: {question.id} in {band.id}"
                    assert all(library.resources_of(point) is not None for point in points)


def test_every_resource_that_ended_says_what_became_of_it(catalogue: Catalogue) -> None:
    for library in catalogue.learning.values():
        for resource in library.resources:
            assert resource.note or resource.status != "ended", resource.id
            successor = library.successor_of(resource)
            assert successor is None or successor.successor is None


def test_every_enabler_has_a_few_kinds_of_barrier_with_a_next_step(catalogue: Catalogue) -> None:
    for entry in catalogue.entries:
        framework = entry.questionnaire.framework
        barriers, library = catalogue.barriers_of(framework.id), catalogue.learning_of(framework.id)
        assert barriers is not None
        assert library is not None
        assert tuple(barriers.by_enabler) == framework.enabler_ids
        for asked in barriers.enablers:
            assert 3 <= len(asked.kinds) <= 5, asked.enabler
            assert asked.question.endswith("?")
            for kind in asked.kinds:
                assert len(kind.label) <= 50, kind.id
                assert len(kind.hint) <= 230, kind.id
                assert len(kind.next_step) <= 230, kind.id
                assert 1 <= kind.next_step.count(". ") + 1 <= 2, kind.id
                assert {library.resources_by_id[each].status for each in kind.resources} <= {"current", "unknown"}


def test_sharing_information_tells_four_kinds_apart(catalogue: Catalogue) -> None:
    barriers = catalogue.barriers_of("reform-enablers")
    assert barriers is not None
    kinds = barriers.by_enabler["sharing-information"].kinds
    assert [kind.id for kind in kinds] == ["law", "belief-about-law", "technical", "fear-of-risk"]
    assert len({kind.next_step for kind in kinds}) == 4


def test_the_questionnaires_have_their_number_of_questions(catalogue: Catalogue) -> None:
    counted = {}
    for entry in catalogue.entries:
        by_enabler = [
            len([e for e in entry.questionnaire.enablers_asked if e == enabler])
            for enabler in entry.questionnaire.framework.enabler_ids
        ]
        counted[entry.questionnaire.id] = by_enabler
    assert counted["local-partners"] == [6] * 5
    assert counted["departments"] == [4] * 5


def test_pairs_name_questions_that_are_asked_now(catalogue: Catalogue) -> None:
    mirror = catalogue.mirror_of("reform-enablers")
    assert mirror is not None
    assert 8 <= len(mirror.pairs) <= 10
    for pair in mirror.pairs:
        assert len(pair.about) <= 100, pair.id
        for side in (pair.local, pair.departments):
            assert side.question in catalogue.get(side.questionnaire).questions_by_id, pair.id


def test_every_shipped_file_tells_editors_its_schema() -> None:
    names = {f"{kind}.yaml": kind for kind in ("framework", "learning", "barriers", "trust", "mirror")}
    for path in SHIPPED.glob("*/*.yaml"):
        kind = names.get(path.name, "questionnaire")
        expected = f"# yaml-language-server: $schema=../../docs/schemas/{kind}.schema.json"
        assert path.read_text(encoding="utf-8").split("\n")[0] == expected, path


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_in_the_docs_are_up_to_date(kind: str) -> None:
    stored = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    assert stored == make_schema(kind), "run: enablers questionnaires schema --write docs/schemas"
