"""The readers of YAML and JSON, and of the characters before them."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from app.catalogue.faults import FaultList
from app.catalogue.json_reader import read_json
from app.catalogue.source import decode, read_source
from app.catalogue.tree import BROKEN, MappingNode
from app.catalogue.yaml_reader import read_yaml


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("010", 10),
        ("-7", -7),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("0.1", Decimal("0.1")),
        ("1.", Decimal(1)),
        (".5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ("1.50", Decimal("1.5")),
        ("100000000000000", 10**14),
        ("2026-11-01", "2026-11-01"),
        ("1.2.3", "1.2.3"),
        (".", "."),
        ("-", None),
        ("null", None),
        ("~", None),
        ("", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ('"12"', "12"),
        ("'true'", "true"),
        ('"null"', "null"),
        ('"a\\tb\\u00e9"', "a\tbé"),
        ("a # comment", "a"),
        ("a#b", "a#b"),
        (">-\n  a\n  b", "a b"),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_an_unquoted_scalar_is_what_yaml_1_2_says(written: str, value: object) -> None:
    faults = FaultList("f")
    root = read_yaml(f"key: {written}", faults)
    if written == "-":
        assert root == {"key": [None]} or faults  # a dash starts a list, which cannot stand here
        return
    assert root is not None
    assert root == {"key": value}
    assert type(root["key"]) is type(value)


@pytest.mark.parametrize(
    "written", ["1234567890123456", "0.1234567890123456", "1e16", "1e-16", "1e99999999999", "0x38d7ea4c68000"]
)
def test_a_number_that_no_surface_could_show_is_a_fault(written: str) -> None:
    faults = FaultList("f")
    assert read_yaml(f"a: 1\nkey: {written}", faults) == {"a": 1, "key": BROKEN}
    assert [fault.line for fault in faults.all()] == [2]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "is empty; a file is a mapping"),
        ("# a comment\n\n", 1, "is empty"),
        ("---\n", 1, "is empty"),
        ("- a\n- b\n", 1, "is a list; a file is a mapping"),
        ("words", 1, "is “words”; a file is a mapping"),
        ("12", 1, "is 12; a file is a mapping"),
    ],
)
def test_a_yaml_file_is_a_mapping(text: str, line: int, words: str) -> None:
    faults = FaultList("f")
    assert read_yaml(text, faults) is None
    assert [(fault.line, words in fault.message) for fault in faults.all()] == [(line, True)]


def test_places_are_those_of_the_file() -> None:
    root = read_yaml("a: 1\n\n# note\nlist:\n  - x\n  - {b: c,\n     d: e}\n", FaultList("f"))
    assert root is not None
    assert root.place == (1, 1)
    assert root.places["list"] == ((4, 1), (5, 3))
    assert root["list"].places == [(5, 5), (6, 5)]
    assert root["list"][1].places == {"b": ((6, 6), (6, 9)), "d": ((7, 6), (7, 9))}


def test_many_refusals_are_listed_together() -> None:
    faults = FaultList("f")
    root = read_yaml("a: &x 1\nb: *x\nc: !t 2\n<<: {d: 1}\na: 3\n4: 5\ne: .inf\n[f]: g\n", faults)
    assert [fault.line for fault in faults.all()] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert root == {"a": 1, "b": BROKEN, "c": 2, "e": BROKEN}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "\\ud83d\\ude00"}', "😀"),
        ('{"a": "😀"}', "😀"),
        ('{"a": "\\u00e9\\n\\"\\\\\\/"}', 'é\n"\\/'),
        ('{"a": 0.1}', Decimal("0.1")),
        ('{"a": -0}', 0),
        ('{"a": 1e2}', Decimal(100)),
        ('{"a": [true, false, null]}', [True, False, None]),
        ('\n{"a"\n:\r\n{}}\n', {}),
        ('{"a": []}', []),
    ],
)
def test_json_is_read_as_json(text: str, value: object) -> None:
    faults = FaultList("f")
    assert read_json(text, faults) == {"a": value}
    assert not faults


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "a value is missing here"),
        ("[1]", 1, "is a list; a file is an object"),
        ('{\n"a": 1,\n"a": 2}', 3, "the key “a” stands on line 2 already"),
        ('{\n"a": "\\ud83d"}', 2, "half a character"),
        ('{\n"a": "\\ude00\\ud83d"}', 2, "half a character"),
        ('{\n"a": "\\u0000"}', 2, "a control character"),
        ('{\n"\\ud83d": 1}', 2, "half a character"),
        ('{\n"a": NaN}', 2, "“NaN” is no value of JSON"),
        ('{\n"a": -Infinity}', 2, "“-Infinity” is no value of JSON"),
        ('{\n"a": 01}', 2, "“01” is no value of JSON"),
        ('{\n"a": 1234567890123456}', 2, "has more than 15 digits"),
        ('{\n"a": 1e400}', 2, "is too long a number"),
        ('{\n"a": 1,\n}', 3, "remove a trailing comma"),
        ('{\n"a": [1,\n]}', 3, "a value is missing here; write one, or remove the comma"),
        ('{\n"a": [1\n', 2, "this bracket is never closed; close it with “]”"),
        ('{\n"a" 1}', 2, "a colon is missing here"),
        ('{"a": 1\n"b": 2}', 2, "a comma or “}” is missing here"),
        ('{\n"a": "b\n"}', 2, "this quote is not closed on its line"),
        ('{\n"a": "\\x"}', 2, "the unknown escape “\\x”"),
        ('{\n"a": "\\u12"}', 2, "the unknown escape"),
        ("{\n'a': 1}", 2, "a key in double quotes is missing"),
        ('{\n"a": yes}', 2, "“yes” is no value of JSON; put double quotes"),
        ('{"a": 1}\n{}', 2, "something follows the end"),
        ('{"a":\n' + "[" * 100_000, 2, "is nested more than 40 levels deep"),
    ],
)
def test_json_faults_have_their_line(text: str, line: int, words: str) -> None:
    faults = FaultList("f")
    read_json(text, faults)
    listed = [(fault.line, fault.message) for fault in faults.all()]
    assert [at for at, _ in listed] == [line], listed
    assert words in listed[0][1]


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_forty_levels_are_allowed_and_no_more(read: Callable[[str, FaultList], MappingNode | None]) -> None:
    faults = FaultList("f")
    assert read('{"a": ' + "[" * 39 + "]" * 39 + "}", faults) is not None
    assert not faults
    read('{"a": ' + "[" * 40 + "]" * 40 + "}", faults)
    assert len(faults.all()) == 1


@pytest.mark.parametrize(
    ("data", "lines", "words"),
    [
        (b"a: 1\nb: \xe9\nc: \xe9\xe9\n", [2, 3], "the byte 0xe9, which is not UTF-8"),
        (b"a: 1\r\nb: \x00\r\n", [2], "the character U+0000"),
        (b"a: \x7f\rb: \x1b\x1b", [1, 2], "which does not belong in a text; delete it"),
        ("a: \u2028b\nc: \u0085".encode(), [1, 2], "the character U+"),
        ("a: b\ufeff".encode(), [1], "the character U+FEFF"),
        ("a: 1".encode("utf-16"), [1], "is not UTF-8 but looks like UTF-16"),
        ("a: 12345".encode("utf-16-le"), [1], "is not UTF-8 but looks like UTF-16"),
        ("a: 12345".encode("utf-16-be"), [1], "is not UTF-8 but looks like UTF-16"),
        ("a: 1".encode("utf-32"), [1], "is not UTF-8 but looks like UTF-16"),
        (b"a: \xed\xa0\x80", [1], "is not UTF-8"),
        (b"a: \xc0\x80", [1], "is not UTF-8"),
    ],
)
def test_characters_that_do_not_belong_are_found_line_by_line(data: bytes, lines: list[int], words: str) -> None:
    faults = FaultList("f")
    decode(data, faults)
    assert [fault.line for fault in faults.all()] == lines
    assert all(words in fault.message for fault in faults.all())


def test_a_leading_byte_order_mark_is_ignored() -> None:
    assert decode(b"\xef\xbb\xbfa: 1", FaultList("f")) == "a: 1"


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1])
def test_a_file_is_at_most_one_megabyte(tmp_path: Path, size: int) -> None:
    faults = FaultList("f")
    (tmp_path / "f").write_bytes(b"#" * size)
    text = read_source(tmp_path / "f", faults)
    assert (text is None) == bool(faults) == (size > 1024 * 1024)


def test_what_is_no_file_is_a_fault(tmp_path: Path) -> None:
    for path, words in [
        (tmp_path, "is not a file"),
        (tmp_path / "none", "no such file"),
        (Path("a\0b"), "cannot be read"),
        (Path("/dev/zero"), "is not a file"),
    ]:
        faults = FaultList(path)
        assert read_source(path, faults) is None
        assert words in faults.all()[0].message
