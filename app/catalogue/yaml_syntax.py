"""Where broken YAML starts to be broken, and words for it: the parser often notices many lines too late."""

import re
from typing import Any, Final

import yaml
from yaml.tokens import ScalarToken

from app.catalogue.faults import WHOLE_FILE, Place
from app.catalogue.source import LINE_BREAK

_STARTS_EARLIER: Final = (
    "while scanning a quoted scalar",
    "while scanning a simple key",
    "while scanning a block scalar",
)
"""What the parser was in the middle of when the fault lies where that began, not where it gave up."""
_BRACKETS: Final = ("while parsing a flow sequence", "while parsing a flow mapping")
"""The same, if the bracket was meant to close on its line."""

_NEW_ENTRY: Final = re.compile(r"\n[^\S\n]*(?:-\s|[\w-]+:(?:\s|$))")
"""A line that starts like an entry of its own; inside a quoted text it shows that the quote was never closed.

It looks at each line once: spaces that could run on over blank lines would make it look at all of them from each.
"""

_WORDS: Final = {
    "found unexpected end of stream": "this quote is never closed; close it",
    "found unexpected document indicator": "this quote is never closed; close it",
    "found unknown escape character": "holds an unknown escape after “\\”; write “\\\\” or use single quotes",
    "found invalid Unicode character escape code": "holds an escape that is no character; write the character itself",
    "could not find expected ':'": "this key has no colon, or its name is too long; write “key: value”",
    "mapping values are not allowed in this context": (
        "a colon is not allowed here; check the indentation, or put quotes around the text"
    ),
    "block sequence entries are not allowed in this context": "a list cannot start here; put it on a line of its own",
    "block mapping keys are not allowed in this context": "a key cannot start here; put it on a line of its own",
    "did not find expected ',' or ']'": "this “[” is never closed, or a comma is missing; write “[a, b]”",
    "did not find expected ',' or '}'": "this “{” is never closed, or a comma is missing; write “{a: b, c: d}”",
    "did not find expected key": "this does not fit the lines above; check indentation, quotes and “key: value”",
    "did not find expected '-' indicator": "this does not fit the list above; check the indentation",
    "did not find expected node content": "a value is missing here; write one, or remove the comma",
    "did not find expected <document start>": "this is not part of the file’s mapping; keep one document a file",
    "found character that cannot start any token": "a value cannot start with this character; put quotes around it",
    "found a tab character that violates indentation": "a tab is no indentation; use spaces",
    "found a tab character where an indentation space is expected": "a tab is no indentation; use spaces",
    "found incompatible YAML document": "the %YAML directive names another version; remove it",
    "found undefined tag handle": "this is a tag, which is refused; remove it",
}
_UNCLOSED_QUOTE: Final = _WORDS["found unexpected end of stream"]


def explain(text: str, error: yaml.YAMLError) -> tuple[Place, str]:
    """Give the place where broken syntax starts, and a sentence for it."""
    problem = getattr(error, "problem_mark", None)
    start = getattr(error, "context_mark", None)
    if problem is None:
        return WHOLE_FILE, "is not YAML; check it in an editor that knows YAML"
    reason = str(getattr(error, "problem", None) or "")
    mark = start if start is not None and _starts_earlier(text, error) else problem
    quote = _find_unclosed_quote(text, {problem.line, mark.line})
    if quote is not None:
        return quote, _UNCLOSED_QUOTE
    if text.startswith("- ", problem.index) and (first := _find_lost_dash(text, problem)) is not None:
        return first, "this list entry has no dash; write “- ” before it, as before the ones that follow"
    words = _WORDS.get(reason, f"is not YAML ({reason}); check indentation, quotes and brackets")
    return (mark.line + 1, mark.column + 1), words


def _starts_earlier(text: str, error: Any) -> bool:  # noqa: ANN401  # PyYAML's errors and marks have no useful types
    """Say whether the fault lies where the parser began with something, not where it gave up."""
    start, problem = error.context_mark, error.problem_mark
    if "a tab" in error.problem:
        return False
    if error.context in _BRACKETS:
        return _is_unclosed(text, start, problem)
    return error.context in _STARTS_EARLIER


def _is_unclosed(text: str, bracket: Any, problem: Any) -> bool:  # noqa: ANN401  # PyYAML's marks have no useful types
    """Say whether a bracket was meant to close on its own line: nothing there says that it goes on."""
    line, _, _ = text[bracket.index :].partition("\n")
    return problem.index >= len(text.rstrip()) or not line.partition(" #")[0].rstrip().endswith((",", "[", "{"))


def _find_lost_dash(text: str, entry: Any) -> Place | None:  # noqa: ANN401
    """Give the start of the lines before an entry of a list, where they hang on a key and should be an entry too."""
    lines = LINE_BREAK.split(text[: entry.index])[:-1]
    first = None
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number].strip()
        indentation = len(lines[number]) - len(lines[number].lstrip())
        if line and not line.startswith("#"):
            if indentation <= entry.column:
                return first if line.endswith(":") else None
            first = None if line.startswith("-") else (number + 1, indentation + 1)
    return None


def _find_unclosed_quote(text: str, broken_lines: set[int]) -> Place | None:
    """Give the quote that swallowed the lines before a broken one.

    A quote that is not closed runs on to the next quote in the file, which it takes for its end; the line that follows
    then makes no sense. So the fault is at the first of the texts that hang together like this.
    """
    found = None
    for start, end in reversed(_find_swallowing_texts(text)):
        if end.line in broken_lines:
            found = (start.line + 1, start.column + 1)
            broken_lines = {start.line}
    return found


def _find_swallowing_texts(text: str) -> list[tuple[Any, Any]]:
    """Give the start and end of every quoted text before the fault that holds lines which look like entries."""
    texts = []
    try:
        for token in yaml.scan(text, Loader=yaml.CLoader):
            if isinstance(token, ScalarToken) and token.start_mark.line < token.end_mark.line and not token.plain:
                written = text[token.start_mark.index : token.end_mark.index]
                if written.startswith(('"', "'")) and _NEW_ENTRY.search(written):
                    texts.append((token.start_mark, token.end_mark))
    except yaml.YAMLError:
        pass  # the fault that is being explained
    return texts
