"""A folder of frameworks as a whole: what it gives, how its files must fit together, what is frozen."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.catalogue import (
    CatalogueError,
    QuestionnaireMissingError,
    Reference,
    find_faults,
    get_questionnaire,
    load,
    load_questionnaire_file,
)
from app.catalogue.catalogue import ReferenceFormError
from app.catalogue.publishing import publish
from app.domain.errors import NotFoundError
from tests.catalogue.samples import BOTH_SIDES, FRAMEWORK, GOOD, LEARNING, QUESTIONNAIRE, lines_of, write_framework

TODAY = date(2026, 11, 30)
V2 = QUESTIONNAIRE.replace("version: 1", "version: 2").replace("Is there money?", "Is there enough money?")


def test_the_good_framework_is_good(tmp_path: Path) -> None:
    write_framework(tmp_path)
    catalogue = load(tmp_path)
    assert [(entry.questionnaire.id, entry.status) for entry in catalogue.entries] == [("asked", "draft")]
    assert find_faults([tmp_path, tmp_path / "small", *(tmp_path / "small").iterdir()]) == ()
    assert catalogue.get("asked", 1).framework.title == "A small framework"
    assert catalogue.learning_of("small") is not None
    assert catalogue.learning_of("large") is None
    kinds = catalogue.barriers_of("small")
    assert kinds is not None
    assert [(each.enabler, [kind.id for kind in each.kinds]) for each in kinds.enablers] == [
        ("one", ["law", "belief"]),
        ("two", ["money", "time"]),
    ]
    assert catalogue.barriers_of("large") is None
    assert catalogue.trust_of("small") is not None
    assert catalogue.trust_of("large") is None
    assert catalogue.mirror_of("small") is None


def test_a_framework_may_ask_from_both_sides(tmp_path: Path) -> None:
    home = write_framework(tmp_path, BOTH_SIDES)
    mirror = load(tmp_path).mirror_of("small")
    assert mirror is not None
    assert [(pair.id, pair.local.question, pair.departments.question) for pair in mirror.pairs] == [
        ("paying", "money", "grants"),
        ("seeing", "picture", "visits"),
    ]
    assert find_faults([tmp_path, home, *home.iterdir()]) == ()


def test_an_id_means_the_newest_published_version(tmp_path: Path) -> None:
    home = write_framework(tmp_path, {**GOOD, "asked.v2.yaml": V2})
    with pytest.raises(
        NotFoundError, match="No version of the questionnaire “asked” is published yet; there are drafts: 1, 2"
    ):
        load(tmp_path).get("asked")
    publish(home / "asked.v1.yaml", TODAY)
    assert load(tmp_path).get("asked").version == 1
    assert load(tmp_path).get("asked", 2).version == 2
    publish(home / "asked.v2.yaml", TODAY)
    catalogue = load(tmp_path)
    assert catalogue.get("asked").version == 2
    assert catalogue.get_entry(Reference("asked", 1)).published == TODAY
    assert catalogue.get_by_hash(catalogue.get("asked", 1).hash).version == 1
    for reference in (("asked", 3), ("other", None)):
        with pytest.raises(NotFoundError):
            catalogue.get(*reference)
    with pytest.raises(QuestionnaireMissingError, match="is not installed"):
        catalogue.get_by_hash("sha256:0")


@pytest.mark.parametrize(
    ("text", "reference"), [("local-partners", Reference("local-partners")), ("asked@12", Reference("asked", 12))]
)
def test_a_reference_is_an_id_or_an_id_at_a_version(text: str, reference: Reference) -> None:
    assert Reference.parse(text) == reference
    assert str(reference) == text


@pytest.mark.parametrize(
    "text", ["", "@1", "asked@", "asked@0", "asked@01", "asked@-1", "asked@1.0", "asked@٣", "Asked", "a@9" + "9" * 9]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ReferenceFormError, match="names no questionnaire; write its id, or id@version"):
        Reference.parse(text)


@pytest.mark.parametrize(
    "same",
    [
        QUESTIONNAIRE.replace("# yaml-language-server", "# another comment"),
        QUESTIONNAIRE.replace("scale: maturity\n        weight: 1.5", "weight: 1.50\n        scale: 'maturity'"),
        QUESTIONNAIRE.replace("title: What is asked", 'title: "What is asked"'),
        QUESTIONNAIRE.replace("title: What is asked", "title: {en: What is asked}"),
        QUESTIONNAIRE.replace("serves: [L1]", "serves:\n          - L1"),
        QUESTIONNAIRE.replace("        meaning: 1\n", ""),
        QUESTIONNAIRE.replace(
            "          none: Nothing\n          some: Some of it\n",
            "          some: Some of it\n          none: Nothing\n",
        ),
        QUESTIONNAIRE.replace("\n", "\r\n"),
        "\ufeff" + QUESTIONNAIRE,
    ],
)
def test_how_a_file_is_written_does_not_change_its_hash(tmp_path: Path, same: str) -> None:
    before = load_questionnaire_file(write_framework(tmp_path / "a") / "asked.v1.yaml")
    after = load_questionnaire_file(write_framework(tmp_path / "b", {**GOOD, "asked.v1.yaml": same}) / "asked.v1.yaml")
    assert before.hash == after.hash
    assert before.content == after.content


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("asked.v1.yaml", "Is there money?", "Is there any money?"),
        ("asked.v1.yaml", "weight: 1.5", "weight: 1.25"),
        ("asked.v1.yaml", "critical: true", "critical: false"),
        ("asked.v1.yaml", "target: all", "target: some"),
        ("asked.v1.yaml", "none: Nothing", "none: Nothing at all"),
        ("asked.v1.yaml", "at_least: some", "at_least: all"),
        ("asked.v1.yaml", "meaning: 1", "meaning: 2"),
        ("framework.yaml", "points: 0.5", "points: 0.6"),
        ("framework.yaml", "label: Some", "label: A little"),
        ("framework.yaml", "cy: Un", "cy: Dau"),
        ("framework.yaml", "from: 50", "from: 51"),
        ("framework.yaml", "default_target: 75", "default_target: 74"),
        ("framework.yaml", "text: Find out", "text: Find all out"),
    ],
)
def test_a_published_version_that_changed_is_refused_with_both_hashes(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    home = write_framework(tmp_path)
    published = publish(home / "asked.v1.yaml", TODAY).questionnaire.hash
    assert GOOD[file].count(old) == 1
    (home / file).write_text(GOOD[file].replace(old, new), encoding="utf-8")
    for refused in (lambda: load(tmp_path), lambda: load_questionnaire_file(home / "asked.v1.yaml")):
        with pytest.raises(CatalogueError) as caught:
            refused()
        (fault,) = caught.value.faults
        assert (Path(fault.file).name, fault.line) == ("asked.v1.yaml", 1)
        assert f"version 1 was published as {published} and is now sha256:" in fault.message
        assert "restore the file and its framework.yaml, or raise “version”" in fault.message
    with pytest.raises(CatalogueError, match="was published as"):
        publish(home / "asked.v1.yaml", TODAY)


def test_a_questionnaire_is_named_by_reference_or_by_path(tmp_path: Path) -> None:
    home = write_framework(tmp_path, {**GOOD, "asked.v2.yaml": V2})
    publish(home / "asked.v1.yaml", TODAY)
    assert get_questionnaire("asked", tmp_path)[0].version == 1
    assert get_questionnaire("asked@2", tmp_path)[0].version == 2
    assert get_questionnaire(str(home / "asked.v2.yaml"), tmp_path)[0].version == 2
    with pytest.raises(NotFoundError, match="There is no questionnaire “other”"):
        get_questionnaire("other", tmp_path)
    with pytest.raises(CatalogueError, match="there is no such file"):
        get_questionnaire("none/asked.yaml", tmp_path)


def test_what_no_question_uses_may_change(tmp_path: Path) -> None:
    home = write_framework(tmp_path)
    publish(home / "asked.v1.yaml", TODAY)
    more = FRAMEWORK.replace("evidence:\n", "evidence:\n  - {id: audit, label: Audit}\n")
    (home / "framework.yaml").write_text(more, encoding="utf-8")
    (home / "learning.yaml").write_text(LEARNING.replace("Begin", "Begin now"), encoding="utf-8")
    assert load(tmp_path).get("asked").version == 1


def test_publishing_twice_changes_nothing(tmp_path: Path) -> None:
    home = write_framework(tmp_path)
    first = publish(home / "asked.v1.yaml", TODAY)
    before = first.path.read_bytes()
    again = publish(home / "asked.v1.yaml", date(2027, 1, 1))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.published == TODAY
    assert first.path.read_bytes() == before
    assert [path.name for path in first.path.parent.iterdir()] == ["asked.v1.json"]
    assert json.loads(before)["hash"] == first.questionnaire.hash


def test_a_faulty_version_is_not_published(tmp_path: Path) -> None:
    home = write_framework(tmp_path, {**GOOD, "asked.v1.yaml": QUESTIONNAIRE.replace("weight: 1.5", "weight: -1")})
    with pytest.raises(CatalogueError, match="“weight” is -1"):
        publish(home / "asked.v1.yaml", TODAY)
    assert not (home / "published").exists()


def test_a_version_without_its_file_comes_from_its_snapshot(tmp_path: Path) -> None:
    home = write_framework(tmp_path)
    with_file = publish(home / "asked.v1.yaml", TODAY).questionnaire
    (home / "asked.v1.yaml").rename(tmp_path / "gone.yaml")
    (home / "framework.yaml").write_text(FRAMEWORK.replace("label: Some", "label: A little"), encoding="utf-8")
    without = load(tmp_path).get("asked")
    assert without.hash == with_file.hash
    assert without.questions == with_file.questions
    assert without.framework.scales_by_id["maturity"].levels[1].label == "Some"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Is there money?", "Is there any money?", "but its content is sha256:"),
        ('"hash": "sha256:', '"hash": "md5:', "does not have the right form"),
        ('"published": "2026-11-30"', '"published": "2026-11-31"', "must be a real date"),
        ('"weight": 1.5', '"weight": -1.5', "“weight” is -1.5; it must be at least 0"),
        ('"scale": "maturity"', '"scale": "mature"', "is no scale of the framework"),
        ('"version": 1', '"version": 1, "colour": 2', "“colour” is no key here"),
        ('"version": 1', '"version": 1 "colour": 2', "a comma or “}” is missing"),
    ],
)
def test_a_damaged_snapshot_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    home = write_framework(tmp_path)
    snapshot = publish(home / "asked.v1.yaml", TODAY).path
    text = snapshot.read_text(encoding="utf-8")
    assert old in text
    snapshot.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)
    assert words in str(caught.value)
    assert words in str(find_faults([snapshot])[0])
    with pytest.raises(CatalogueError, match=r"is published, but .* is damaged; restore that file"):
        load_questionnaire_file(home / "asked.v1.yaml")


def test_a_snapshot_under_another_name_is_refused(tmp_path: Path) -> None:
    home = write_framework(tmp_path)
    snapshot = publish(home / "asked.v1.yaml", TODAY).path
    snapshot.rename(snapshot.with_name("asked.v2.json"))
    with pytest.raises(CatalogueError, match=r"holds asked version 1; name it asked\.v1\.json"):
        load(tmp_path)


def test_a_snapshot_of_another_framework_is_refused(tmp_path: Path) -> None:
    small = write_framework(tmp_path)
    publish(small / "asked.v1.yaml", TODAY)
    large = write_framework(tmp_path, {"framework.yaml": FRAMEWORK.replace("id: small", "id: large")}, name="large")
    (small / "published").rename(large / "published")
    with pytest.raises(CatalogueError, match="belongs to the framework “small”; move it to that folder"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"asked.v1.yaml": None, "other.v1.yaml": QUESTIONNAIRE}, "is “asked” version 1; name the file asked.v1.yaml"),
        ({"asked.v1.yml": QUESTIONNAIRE}, "“asked” version 1 is asked.v1.yaml already; raise “version”"),
        ({"framework.yaml": None}, "there is no framework.yaml here"),
        ({"framework.yaml": FRAMEWORK.replace("id: small", "id: large")}, "“id” is “large”, but its folder is “small”"),
    ],
)
def test_files_of_a_folder_must_fit_together(tmp_path: Path, files: dict[str, str | None], words: str) -> None:
    present = {name: text for name, text in {**GOOD, **files}.items() if text is not None}
    write_framework(tmp_path, present)
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)
    assert words in str(caught.value)


def test_a_questionnaire_id_belongs_to_one_framework(tmp_path: Path) -> None:
    write_framework(tmp_path)
    large = {
        file: text.replace("framework: small", "framework: large").replace("id: small", "id: large")
        for file, text in GOOD.items()
    }
    write_framework(tmp_path, large, name="large")
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)
    (fault,) = caught.value.faults
    assert (Path(fault.file).parent.name, fault.line) == ("small", 4)
    assert "“asked” is a questionnaire of large already; rename it" in fault.message


def test_all_faults_of_all_files_are_listed_by_file_and_line(tmp_path: Path) -> None:
    damaged = {
        "framework.yaml": FRAMEWORK.replace("points: 0.5", "points: 0"),
        "asked.v1.yaml": QUESTIONNAIRE.replace("weight: 1.5", "weight: -1").replace("weight: 2", "weight: x"),
        "learning.yaml": LEARNING.replace("bands: [low, high], text: Meet", "bands: [low, hihg], text: Meet"),
        "broken.v1.yaml": 'title: "x',
    }
    write_framework(tmp_path, damaged)
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)
    files = [Path(fault.file).name for fault in caught.value.faults]
    assert files == sorted(files)
    assert {file: files.count(file) for file in files} == {
        "asked.v1.yaml": 2,
        "broken.v1.yaml": 1,
        "framework.yaml": 1,
        "learning.yaml": 2,
    }
    assert lines_of(caught.value) == [21, 33, 1, 14, 22, 25]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(CatalogueError, match=r"holds no framework; add a folder with a framework\.yaml"):
            load(folder)


def test_a_questionnaire_anywhere_needs_a_framework_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "asked.yaml"
    path.write_text(QUESTIONNAIRE.replace("weight: 1.5", "weight: -1"), encoding="utf-8")
    faults = find_faults([path])
    assert [Path(fault.file).name for fault in faults] == ["asked.yaml", "framework.yaml"]
    (tmp_path / "framework.yaml").write_text(FRAMEWORK, encoding="utf-8")
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    assert load_questionnaire_file(path).id == "asked"


def test_paths_are_printed_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_framework(tmp_path, {**GOOD, "asked.v1.yaml": QUESTIONNAIRE.replace("weight: 2", "weight: -2")})
    monkeypatch.chdir(tmp_path)
    (fault,) = find_faults([Path("small/asked.v1.yaml")])
    assert str(fault).startswith("small/asked.v1.yaml:33:17: sections[0].questions[1] (money): “weight” is -2")
