"""What the documents say is so: settings, commands, addresses, links, examples and promises."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from fastapi import FastAPI
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from app.catalogue import find_faults, load_questionnaire_file
from app.catalogue.answer_files import load_answers_file
from app.cli.commands import command
from app.settings import PREFIX, ROOT, Settings
from tests.house import documents
from tests.house.demonstration import ADDRESS, NOBODY, open_as
from tests.house.documents import DOCUMENTS, list_commands, list_fences, list_table
from tests.house.routes import list_routes

LARGEST_PICTURE = 120_000
EXAMPLES = sorted(path.name for path in (ROOT / "docs/examples").iterdir() if path.is_file())


# ---- Links and pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files_and_headings(document: str) -> None:
    for link in documents.list_links(document):
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), link
        if anchor:
            assert anchor in documents.list_anchors(target.resolve().relative_to(ROOT).as_posix()), link


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_are_named_exist(document: str) -> None:
    """Whatever looks like a file of ours, in backquotes; a name in capitals stands for others."""
    named = re.findall(
        r"`((?:app|docs|migrations|questionnaires|requirements|tests)/[\w./-]+)[`:]", documents.read(document)
    )
    assert [name for name in named if "NNNN" not in name and not (ROOT / name).exists()] == []


def test_every_page_of_the_docs_is_linked_from_the_readme() -> None:
    linked = {link.partition("#")[0] for link in documents.list_links("README.md")}
    assert [name for name in DOCUMENTS if name.startswith("docs/") and name not in linked] == []


def test_pictures_are_small_and_shown() -> None:
    shown = {link for link in documents.list_links("README.md") if link.endswith(".png")}
    pictures = sorted((ROOT / "docs/pictures").iterdir())
    assert {path.relative_to(ROOT).as_posix() for path in pictures} == shown
    assert [path.name for path in pictures if path.stat().st_size >= LARGEST_PICTURE] == []


# ---- Settings --------------------------------------------------------------------------------------------------------


def test_every_setting_is_in_the_docs_with_its_default() -> None:
    rows = [row for row in list_table("docs/settings.md") if row[0].startswith("`")]
    told = {row[0].strip("`"): row[1].strip("`") for row in rows}
    assert told == {
        f"{PREFIX}{name.upper()}": write_default(field.default) for name, field in Settings.model_fields.items()
    }
    assert all(row[2] for row in rows)


def write_default(default: object) -> str:
    if isinstance(default, Path):
        return default.relative_to(ROOT).as_posix() if default.is_absolute() else default.as_posix()
    return str(default).lower() if isinstance(default, bool) else str(default)


@pytest.mark.parametrize("document", [*DOCUMENTS, "compose.yaml", ".env.example", "Dockerfile"])
def test_no_other_setting_is_named(document: str) -> None:
    tests = {"TEST_REQUIRE", "TEST_CHROMIUM", "TEST_DATABASE_URL"}
    known = {name.upper() for name in Settings.model_fields} | tests
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+[A-Z])\b", documents.read(document)))
    assert named <= known


# ---- Commands --------------------------------------------------------------------------------------------------------


def list_leaves(group: TyperGroup, name: str) -> Iterator[tuple[str, TyperCommand]]:
    for inner, node in group.commands.items():
        if isinstance(node, TyperGroup):
            yield from list_leaves(node, f"{name} {inner}")
        elif isinstance(node, TyperCommand):
            yield f"{name} {inner}", node


LEAVES = dict(list_leaves(typer.main.get_group(command), "enablers"))


def test_every_command_has_a_section_with_its_options_and_an_example() -> None:
    sections = documents.sections("docs/commands.md")
    assert set(sections) == {f"`{name}`" for name in LEAVES}
    examples = [" ".join(words) for words in list_commands("docs/commands.md")]
    for name, leaf in LEAVES.items():
        options = {option for parameter in leaf.params for option in parameter.opts if option.startswith("--")}
        told = set(re.findall(r"^\| `(--[a-z-]+)`", sections[f"`{name}`"], re.MULTILINE))
        assert told == options - {"--help"}, name
        assert any(example == name or example.startswith(f"{name} ") for example in examples), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_the_docs_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", documents.read("Makefile"), re.MULTILINE))
    for words in list_commands(document):
        if words[0] == "make":
            assert [word for word in words[1:] if "=" not in word and word not in targets] == []
        elif words[0] != "curl":
            check_takes(words)


def check_takes(words: list[str]) -> None:
    """Fail unless there is such a command, and it takes these options and arguments; nothing is run."""
    told = " ".join(["enablers", *words[1:]])
    name = next((name for name in LEAVES if f"{told} ".startswith(f"{name} ")), None)
    assert name is not None, told
    LEAVES[name].make_context(name, words[len(name.split()) :])  # raises a usage error


# ---- Addresses -------------------------------------------------------------------------------------------------------


def test_every_address_is_in_the_docs_with_who_may_enter(demonstration_app: FastAPI) -> None:
    told = {row[0].strip("`"): row[1] for row in list_table("docs/routes.md") if row[0].startswith("`")}
    routes = list_routes(demonstration_app)
    assert set(told) == set(map(str, routes))
    for route in routes:
        who, colon, _ = route.words.partition(":")
        if route.with_token:
            assert told[str(route)].startswith("Tokens"), str(route)
        else:
            assert told[str(route)] == (who if colon and route.is_page else "Anyone"), str(route)


# ---- The README ------------------------------------------------------------------------------------------------------


def test_every_promise_names_a_test_that_is_there() -> None:
    rows = list(list_table("README.md", "What the service promises"))[1:]
    assert len(rows) > 10
    for promise, named in rows:
        path, _, test = named.strip("`").partition("::")
        tree = ast.parse(documents.read(path))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, promise


def test_requests_in_the_readme_work_and_give_what_it_says(demonstration_app: FastAPI) -> None:
    client = open_as(demonstration_app, NOBODY)
    requests = [words for words in list_commands("README.md") if words[0] == "curl"]
    assert len(requests) == 3
    replies = []
    for _, url, *options in requests:
        given = dict(zip(options[::2], options[1::2], strict=True))
        header = given.get("--header", "").partition(": ")
        reply = client.request(
            "POST" if "--data" in given else "GET",
            url.removeprefix(ADDRESS),
            content=given.get("--data"),
            headers={header[0]: header[2]} if header[0] else {},
        )
        assert reply.status_code == 200, url
        replies.append(reply.json())
    (shown,) = (json.loads(fence.text) for fence in list_fences("README.md") if fence.kind == "json")
    assert shown in replies[-1]["enablers"]


def test_reports_in_the_readme_are_made_and_begin_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    reports = [words[1:] for words in list_commands("README.md") if words[1:2] == ["report"]]
    assert len(reports) == 2
    results = [CliRunner().invoke(command, words) for words in reports]
    assert [result.exit_code for result in results] == [0, 0]
    (shown,) = (fence.text for fence in list_fences("README.md") if fence.kind == "text")
    assert shown in results[0].stdout
    assert (tmp_path / "partnership.pdf").read_bytes().startswith(b"%PDF")


def test_the_readme_names_both_licences() -> None:
    said = documents.sections("README.md")["Where it comes from, and licences"]
    assert "MIT" in said
    assert documents.read("LICENSE").startswith("MIT License")
    assert "CC BY 4.0" in said
    assert "CC BY 4.0" in documents.read("questionnaires/LICENSE")


# ---- The examples ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_answers_every_question(name: str) -> None:
    questionnaire = load_questionnaire_file(ROOT / "questionnaires/reform-enablers/local-partners.v1.yaml")
    answers = load_answers_file(ROOT / "docs/examples" / name, questionnaire)
    assert set(answers) == set(questionnaire.questions_by_id)


def test_the_questionnaire_of_the_docs_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are copied out of the page as a reader would; what is said of faults is what is found."""
    monkeypatch.chdir(tmp_path)
    for fence in list_fences("docs/questionnaires.md"):
        if fence.kind == "yaml":
            path = tmp_path / fence.text.partition("\n")[0].removeprefix("# ")
            path.parent.mkdir(exist_ok=True)
            path.write_text(fence.text, encoding="utf-8")
    assert find_faults([Path("small-steps")]) == ()
    (report,) = (words[1:] for words in list_commands("docs/questionnaires.md") if words[1] == "report")
    assert "A purpose: 50.0 out of 100" in CliRunner().invoke(command, report).stdout

    questionnaire = Path("small-steps/meetings.v1.yaml")
    head, actions, tail = questionnaire.read_text(encoding="utf-8").partition("id: actions")
    tail = tail.replace("weight:", "wieght:").replace("at_least: sometimes", "at_least: often")
    questionnaire.write_text(head + actions + tail, encoding="utf-8")
    (shown,) = (fence.text for fence in list_fences("docs/questionnaires.md") if fence.kind == "text")
    assert [str(fault) for fault in find_faults([Path("small-steps")])] == shown.splitlines()
