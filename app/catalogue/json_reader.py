"""JSON text -> a tree with places, as strict as the reader of YAML.

A parser of our own, because Python’s gives no place but that of its first fault. Whoever mends a file needs the line of
every fault, also of those that later checks find, and so each key and value has to keep where it stood.

Duplicate keys, lone surrogates, control characters and numbers that no surface could show are refused, each one named,
and reading goes on; broken syntax and too deep a nesting end it.
"""

import re
from bisect import bisect_right
from itertools import accumulate
from typing import Final, NoReturn

from app.catalogue.faults import WHOLE_FILE, FaultList, Place, shown
from app.catalogue.scalars import ScalarError, number
from app.catalogue.source import REFUSED_CHARACTER
from app.catalogue.tree import BROKEN, DEEPEST, ListNode, MappingNode

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"((?:[^"\\\x00-\x1f]|\\.)*)"')
_ESCAPE: Final = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt])|(.?))')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(r"-?[A-Za-z0-9_.+-]+")
_LITERALS: Final = {"true": True, "false": False, "null": None}
_SHORT_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class _SyntaxFaultError(Exception):
    """The text is not JSON from here on."""


def read_json(text: str, faults: FaultList) -> MappingNode | None:
    """Give the mapping that a JSON file is; `None`, with the fault added, where it is none."""
    try:
        root = _Reader(text, faults).read()
    except _SyntaxFaultError:
        return None
    if isinstance(root, MappingNode):
        return root
    faults.add(WHOLE_FILE, f"is {shown(root)}; a file is an object of keys and values, such as {{“schema”: 1}}")
    return None


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, faults: FaultList) -> None:
        self._text = text
        self._faults = faults
        self._at = 0
        self._line_starts = [0, *accumulate(len(line) for line in re.split(r"(?<=\n)", text))]

    def read(self) -> object:
        """Give what the whole text means."""
        value = self._value(1)
        if self._peek():
            self._fail("something follows the end of the JSON; remove it")
        return value

    def _place(self, at: int) -> Place:
        line = bisect_right(self._line_starts, at, hi=len(self._line_starts) - 1)
        return line, at - self._line_starts[line - 1] + 1

    def _fail(self, message: str, at: int | None = None) -> NoReturn:
        self._faults.add(self._place(self._at if at is None else at), message)
        raise _SyntaxFaultError

    def _peek(self) -> str:
        """Give the next character that is no space; nothing at the end."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _value(self, depth: int) -> object:
        character = self._peek()
        if character == '"':
            return self._string()
        if character in {"{", "["}:
            if depth > DEEPEST:
                self._fail(f"is nested more than {DEEPEST} levels deep; flatten it")
            return self._mapping(depth) if character == "{" else self._list(depth)
        return self._word()

    def _mapping(self, depth: int) -> MappingNode:
        start = self._at
        node = MappingNode(self._place(start))
        self._at += 1
        if self._ends("}"):
            return node
        while True:
            if self._peek() != '"':
                self._fail('a key in double quotes is missing here, such as "shared-picture"; remove a trailing comma')
            key_place = self._place(self._at)
            key = self._string()
            if self._peek() != ":":
                self._fail("a colon is missing here, after the key")
            self._at += 1
            self._peek()
            value_place = self._place(self._at)
            value = self._value(depth + 1)
            if isinstance(key, str) and key in node:
                first = node.place_of_key(key)[0]
                self._faults.add(key_place, f"the key {shown(key)} stands on line {first} already; keep one of the two")
            elif isinstance(key, str):
                node.put(key, value, key_place, value_place)
            if self._continues("}", start):
                return node

    def _list(self, depth: int) -> ListNode:
        start = self._at
        node = ListNode(self._place(start))
        self._at += 1
        if self._ends("]"):
            return node
        while True:
            self._peek()
            place = self._place(self._at)
            node.put(self._value(depth + 1), place)
            if self._continues("]", start):
                return node

    def _ends(self, bracket: str) -> bool:
        if self._peek() == bracket:
            self._at += 1
            return True
        return False

    def _continues(self, bracket: str, start: int) -> bool:
        """Step over what stands between entries; say whether the bracket closed instead."""
        character = self._peek()
        if character not in {bracket, ","}:
            if not character:
                self._fail(f"this bracket is never closed; close it with “{bracket}”", start)
            self._fail(f"a comma or “{bracket}” is missing here")
        self._at += 1
        return character == bracket

    def _string(self) -> object:
        match = _STRING.match(self._text, self._at)
        if match is None:
            self._fail("this quote is not closed on its line; close it, and write line breaks as \\n")
        place = self._place(self._at)
        words = match[1]
        if "\\" in words:
            words = _ESCAPE.sub(self._unescape, words)
            # Two escapes may make one character; a surrogate without its other half makes none.
            words = (
                words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                if _SURROGATE.search(words)
                else words
            )
            if REFUSED_CHARACTER.search(words) or "\ufffd" in words:
                self._at = match.end()
                self._faults.add(place, "holds the escape of half a character or a control character; remove it")
                return BROKEN
        self._at = match.end()
        return words

    def _unescape(self, match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        if match[2]:
            return _SHORT_ESCAPES[match[2]]
        return self._fail(f"holds the unknown escape {shown(match[0])}; write “\\\\” for a backslash")

    def _word(self) -> object:
        match = _WORD.match(self._text, self._at)
        if match is None:
            self._fail("a value is missing here; write one, or remove the comma")
        place = self._place(self._at)
        word = match[0]
        if word not in _LITERALS and not _NUMBER.fullmatch(word):
            self._fail(f"{shown(word)} is no value of JSON; put double quotes around a text")
        self._at = match.end()
        if word in _LITERALS:
            return _LITERALS[word]
        try:
            return number(word)
        except ScalarError as error:
            self._faults.add(place, f"{shown(word)} {error}")
            return BROKEN
