"""Bodies that no honest client sends, and what each gets, whatever route it is sent to."""

from collections.abc import Iterator
from typing import Final

LARGEST: Final = 1_000_000

BROKEN: Final[dict[str, bytes]] = {
    "nothing": b"",
    "spaces": b" \r\n\t",
    "half an object": b'{"questionnaire":',
    "trailing comma": b'{"questionnaire": "local-partners",}',
    "something after the end": b'{"answers": {}} {}',
    "single quotes": b"{'answers': {}}",
    "a comment": b'{"answers": {}} // yes',
    "a form": b"questionnaire=local-partners&version=1",
    "a name twice": b'{"answers": {}, "version": 1, "version": 1}',
    "a name twice, deep": b'{"answers": {"shared-picture": {"a": 1, "a": 2}}}',
    "a name twice, once escaped": b'{"version": 1, "\\u0076ersion": 1}',
    "NaN": b'{"version": NaN}',
    "Infinity": b'{"version": Infinity}',
    "-Infinity": b'{"answers": {"shared-picture": -Infinity}}',
    "a number beyond a double": b'{"version": 1e999}',
    "an integer beyond a double's whole numbers": b'{"version": 9007199254740993}',
    "an integer of 400 digits": b'{"version": ' + b"9" * 400 + b"}",
    "an integer of 5,000 digits": b'{"answers": {"shared-picture": ' + b"9" * 5_000 + b"}}",
    "an integer of 900,000 digits": b"9" * 900_000,
    "a leading zero": b'{"version": 01}',
    "a control character": b'{"questionnaire": "local\x01partners"}',
    "a raw NUL": b'{"questionnaire": "local\x00partners"}',
    "half a surrogate pair": b'{"questionnaire": "\\ud83d"}',
    "the other half": b'{"answers": {"shared-picture": "\\udE00"}}',
    "both halves, the wrong way round": b'{"answers": {"\\ude00\\ud83d": null}}',
    "half a pair in a name": b'{"\\ud800": 1}',
    "half a pair in a name that is there twice": b'{"\\ud800": 1, "\\ud800": 1}',
    "half a surrogate pair, raw": b'{"questionnaire": "\xed\xa0\xbd"}',
    "not UTF-8": b'{"questionnaire": "caf\xe9"}',
    "an overlong form": b'{"questionnaire": "\xc0\xaf"}',
    "UTF-16": '{"version": 1}'.encode("utf-16"),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "41 lists": b"[" * 41 + b"]" * 41,
    "41 objects": b'{"a":' * 41 + b"1" + b"}" * 41,
    "500 lists": b"[" * 500 + b"]" * 500,
    "320,000 texts without commas": b'"" ' * 320_000,
    "2,000 lists": b"[" * 2_000 + b"]" * 2_000,
}
"""400: no system should have to guess what these mean."""

UNUSABLE: Final[dict[str, bytes]] = {
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a text": b'"local-partners"',
    "a list": b"[]",
    "40 lists": b"[" * 40 + b"]" * 40,
    "an escaped NUL": b'{"questionnaire": "local\\u0000partners"}',
    "an escaped NUL in a name": b'{"answers": {"\\u0000": null}}',
    "an escaped NUL in a reason": b'{"answers": {"shared-picture": {"not-applicable": "\\u0000"}}}',
    "an unknown name": b'{"constructor": {"prototype": 1}}',
    "2,000 unknown names": b"{" + b",".join(b'"%d":0' % n for n in range(2_000)) + b"}",
    "2,000 unknown names, each with a text": b"{" + b",".join(b'"%d":""' % n for n in range(2_000)) + b"}",
    "a name of 900,000 characters": b'{"' + b"a" * 900_000 + b'": 1}',
    "a text of 900,000 characters": b'{"questionnaire": "' + b"a" * 900_000 + b'"}',
    "a text of 900,000 commas": b'{"questionnaire": "' + b"," * 900_000 + b'"}',
    "a text of 450,000 escaped quotes": b'{"questionnaire": "' + b'\\"' * 450_000 + b'"}',
    "a text of escaped backslashes, and a quote": b'{"questionnaire": "' + b"\\\\[" * 200_000 + b'\\"["}',
    "an empty object": b"{}",
    "a byte order mark before it": b"\xef\xbb\xbf{}",
}
"""422: well-formed, and nothing that a route could use."""

TOO_MANY: Final[dict[str, bytes]] = {
    "2,001 unknown names": b"{" + b",".join(b'"%d":0' % n for n in range(2_001)) + b"}",
    "2,001 lists": b"[" * 2_001 + b"]" * 2_001,
    "half a million lists": b"[" * 500_000 + b"]" * 500_000,
    "half a million lists, never closed": b"[" * 900_000,
    "a hundred thousand objects": b'{"a":' * 100_000,
    "a hundred thousand unknown names": b"{" + b",".join(b'"%d":0' % n for n in range(100_000)) + b"}",
    "320,000 answers, each an empty list": b'{"answers":[' + b"[]," * 320_000 + b"[]]}",
    "320,000 answers, each an empty text": b'{"answers":[' + b'"",' * 320_000 + b'""]}',
}
"""413: no answers are so many, and reading them would keep everybody waiting."""

TOO_LARGE: Final[dict[str, bytes]] = {
    "one byte too many": b" " * (LARGEST + 1),
    "10 MB": b'{"questionnaire": "' + b"a" * 10_000_000 + b'"}',
}
"""413."""


def list_bodies() -> Iterator[tuple[str, bytes, int]]:
    """Give every body: what it is, its bytes, and the status it gets."""
    for bodies, status in ((BROKEN, 400), (UNUSABLE, 422), (TOO_MANY, 413), (TOO_LARGE, 413)):
        for name, body in bodies.items():
            yield name, body, status
