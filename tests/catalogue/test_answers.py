"""Answers files of every form, and a mapping of answers, give the same answers and the same complaints."""

import json
from pathlib import Path

import pytest

from app.catalogue import CatalogueError, load_questionnaire_file
from app.catalogue.answer_files import load_answers_file
from app.catalogue.answers import find_answers
from app.domain.assessment import Answer
from app.domain.questionnaire import Questionnaire
from tests.catalogue.samples import write_framework

EXPECTED = {
    "picture": Answer("some"),
    "money": Answer("not-applicable", reason="We hold none"),
    "trust": Answer("dont-know"),
}


@pytest.fixture
def questionnaire(tmp_path: Path) -> Questionnaire:
    return load_questionnaire_file(write_framework(tmp_path) / "asked.v1.yaml")


def load_text(folder: Path, name: str, text: str | bytes, questionnaire: Questionnaire) -> dict[str, Answer]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_answers_file(path, questionnaire)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "picture: some\nmoney: {not-applicable: We hold none}\ntrust: dont-know\n"),
        ("a.yml", "picture: 'some'\nmoney:\n  not-applicable: ' We hold none '\ntrust: dont-know\n"),
        ("a.json", '{"picture": "some", "money": {"not-applicable": "We hold none"}, "trust": "dont-know"}'),
        (
            "a.csv",
            "question,answer,reason,note\npicture,some,,\nmoney,not-applicable,We hold none,\ntrust,dont-know,,\n",
        ),
        (
            "a.csv",
            "\ufeffreason,answer,question\r\n,some,picture\r\nWe hold none,not-applicable,money\r\n\n,dont-know,trust",
        ),
        ("a.CSV", 'question,answer,reason\npicture,some\nmoney,"not-applicable","We hold none"\ntrust,dont-know\n'),
    ],
)
def test_every_form_gives_the_same_answers(tmp_path: Path, questionnaire: Questionnaire, name: str, text: str) -> None:
    assert load_text(tmp_path, name, text, questionnaire) == EXPECTED


def test_a_mapping_gives_them_too(questionnaire: Questionnaire) -> None:
    written = {"picture": "some", "money": {"not-applicable": "We hold none"}, "trust": "dont-know"}
    assert find_answers(questionnaire, written) == (EXPECTED, ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "picture: some\nmoney:\ntrust: ''\n"),
        ("a.yaml", "picture: some\nmoney: null\ntrust: ~\n"),
        ("a.json", '{"picture": "some", "money": null, "trust": " "}'),
        ("a.csv", "question,answer\npicture,some\nmoney,\ntrust, \n"),
    ],
)
def test_blank_is_unanswered(tmp_path: Path, questionnaire: Questionnaire, name: str, text: str) -> None:
    assert load_text(tmp_path, name, text, questionnaire) == {"picture": Answer("some")}


def test_a_note_is_kept(tmp_path: Path, questionnaire: Questionnaire) -> None:
    text = 'question,answer,note\npicture,some,"Two lines,\nand a comma"\n'
    assert load_text(tmp_path, "a.csv", text, questionnaire) == {
        "picture": Answer("some", note="Two lines,\nand a comma")
    }


def test_an_answer_to_a_hidden_question_is_kept(tmp_path: Path, questionnaire: Questionnaire) -> None:
    assert load_text(tmp_path, "a.yaml", "picture: none\nmoney: agree\n", questionnaire).keys() == {"picture", "money"}


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        ("a.yaml", "", {1: "is empty"}),
        ("a.yaml", "{}", {1: "holds no answer; answer at least one question"}),
        ("a.yaml", "picture:\nmoney:\n", {1: "holds no answer"}),
        (
            "a.yaml",
            "picture: some\npictur: all\nmoney: maybe\n",
            {2: "did you mean “picture”", 3: "“maybe” is not a level"},
        ),
        ("a.yaml", "picture: some\npicture: all\n", {2: "the key “picture” stands on line 1 already"}),
        ("a.yaml", "picture: not-applicable\nmoney: not-applicable\n", {1: "applies to everyone", 2: "Say why this"}),
        ("a.yaml", "money: {not-applicable: ' '}\n", {1: "Say why this question does not apply"}),
        ("a.yaml", "money:\n  not-applicable:\n", {2: "Say why this question does not apply"}),
        ("a.yaml", "picture: {not-applicable: Because}\n", {1: "This question applies to everyone"}),
        ("a.yaml", "money: {reason: Because}\n", {1: "only as {not-applicable: reason}"}),
        ("a.yaml", "money: {not-applicable: Because, note: x}\n", {1: "only as {not-applicable: reason}"}),
        ("a.yaml", "money: {not-applicable: 12}\n", {1: "the reason must be a text, not 12"}),
        (
            "a.yaml",
            "picture: 1\nmoney: true\ntrust: [agree]\n",
            {1: "1 is no answer", 2: "true is no", 3: "a list is no"},
        ),
        ("a.yaml", "picture: &a some\nmoney: *a\ntrust: &b agree\n", {1: "an anchor", 2: "an alias", 3: "an anchor"}),
        ("a.yaml", 'picture: "some\n', {1: "this quote is never closed"}),
        (
            "a.json",
            '{\n"picture": "some",\n"nothing": 1,\n"money": "perhaps"}',
            {3: "is no question of asked", 4: "“perhaps”"},
        ),
        ("a.json", "[]", {1: "is a list; a file is an object"}),
        ("a.csv", "", {1: "is empty; its first line is question,answer,reason,note"}),
        ("a.csv", "question,answer\n", {1: "holds no answer"}),
        ("a.csv", "question,answer\npicture,\n", {1: "holds no answer"}),
        ("a.csv", "question;answer\npicture;some\n", {1: "“question;answer” is no column"}),
        ("a.csv", "question,reply\npicture,some\n", {1: "“reply” is no column; choose one of question, answer"}),
        ("a.csv", "question,answer,colour\npicture,some,red\n", {1: "“colour” is no column"}),
        ("a.csv", "question,answer,answer\npicture,some,some\n", {1: "the column “answer” is there twice"}),
        (
            "a.csv",
            "question,answer\npicture,some\n\npicture,all\n",
            {4: "“picture”: the question is on line 2 already"},
        ),
        ("a.csv", "question,answer\npicture,\npicture,all\n", {3: "the question is on line 2 already"}),
        (
            "a.csv",
            "question,answer\nx,some\n,some\nmoney,most\n",
            {2: "“x” is no question", 3: "write its id", 4: "“most”"},
        ),
        ("a.csv", "question,answer\npicture,some,more\n", {2: "has 3 cells under 2 columns; quote a text with commas"}),
        ("a.csv", "question,answer\nmoney,not-applicable\n", {2: "Say why this question does not apply"}),
        ("a.csv", 'question,answer,note\npicture,some,"two\nlines"\nmoney,most,\n', {4: "“most” is not a level"}),
        (
            "a.csv",
            'question,answer\nx,some\npicture,"some\nmoney,agree\n',
            {2: "is no question", 3: "a quote that is never closed"},
        ),
        ("a.csv", 'question,answer\npicture,"x\ny"\n', {2: "“x y” is not a level"}),
        ("a.csv", 'question,answer\n"x\ny",some\n', {2: "“x y” is no question"}),
        ("a.csv", '"x\ny",question,answer\n,picture,some\n', {1: "“x y” is no column"}),
        ("a.csv", "question,answer\npicture,\u202eevil\n", {2: "“\ufffdevil” is not a level"}),
        ("a.csv", f"question,answer\npicture,{'x' * 99}\n", {2: f"“{'x' * 60}…” is not a level"}),
        ("a.csv", "question,answer,answer,answer\npicture,some\n", {1: "“answer” is there 3 times; keep one of them"}),
        ("a.json", '{"picture": "x\\ny", "a\\nb": ""}', {1: "“x y” is not a level"}),
        ("a.yaml", 'picture: "x\\ny"\n"a\\nb": some\n', {1: "“x y” is not a level", 2: "“a b” is no question"}),
        ("a.csv", 'question,answer\npicture,"so"me\n', {2: "has a quote in the wrong place"}),
        ("a.csv", f"question,answer,note\npicture,some,{'x' * 200_000}\n", {2: "has a cell that is too long"}),
        ("a.csv", "question,answer\npicture,so\0me\n", {2: "the character U+0000"}),
        ("a.csv", b"question,answer,note\npicture,some,caf\xe9\n", {2: "the byte 0xe9, which is not UTF-8"}),
        ("a.txt", "picture: some", {1: "an answers file is .yaml, .json or .csv"}),
    ],
)
def test_every_fault_has_its_line(
    tmp_path: Path, questionnaire: Questionnaire, name: str, text: str | bytes, faults: dict[int, str]
) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_text(tmp_path, name, text, questionnaire)
    listed = [(fault.line, fault.message) for fault in caught.value.faults]
    assert sorted({line for line, _ in listed}) == list(faults), listed
    assert all(str(fault).isprintable() for fault in caught.value.faults)
    for line, words in faults.items():
        assert any(words in message for at, message in listed if at == line), listed


def test_a_file_name_is_printed_on_one_line(tmp_path: Path, questionnaire: Questionnaire) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_answers_file(tmp_path / "a\nb.csv", questionnaire)
    assert "a\ufffdb.csv:1: there is no such file" in str(caught.value)


def test_a_missing_answers_file_is_a_fault(tmp_path: Path, questionnaire: Questionnaire) -> None:
    with pytest.raises(CatalogueError, match="there is no such file"):
        load_answers_file(tmp_path / "none.csv", questionnaire)


def test_faults_of_a_mapping_have_pointers(questionnaire: Questionnaire) -> None:
    written = json.loads('{"picture": "most", "a/b~c": "x", "money": {"not-applicable": ""}, "trust": ["agree"]}')
    answers, faults = find_answers(questionnaire, written)
    assert answers == {}
    assert [fault.pointer for fault in faults] == ["/picture", "/a~1b~0c", "/money", "/trust"]
    assert find_answers(questionnaire, {"trust": None})[1][0].pointer == ""
