"""Words without quotes in YAML 1.2 core, and numbers of YAML and JSON: what they mean, and which are refused."""

import re
from decimal import Decimal
from typing import Final

MOST_DIGITS: Final = 15
"""As many as a float's shortest form keeps, so that every surface can show a number as it was written."""
MOST_EXPONENT: Final = 15

_NAMED: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SUSPICIOUS: Final = frozenset(["", *"+-.0123456789~nNtTfF"])
"""First characters of everything that is not a string; all else is one without another look."""
_DECIMAL: Final = re.compile(
    r"[-+]?(?:\.(?P<fraction>[0-9]+)|(?P<whole>[0-9]+)(?:\.(?P<rest>[0-9]*))?)(?:[eE](?P<e>[-+]?[0-9]+))?"
)
_OTHER_BASE: Final = re.compile(r"0(?:o(?P<octal>[0-7]+)|x(?P<hexadecimal>[0-9a-fA-F]+))")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class ScalarError(ValueError):
    """A number that is refused; `str(error)` says why."""


def resolve(text: str) -> str | bool | int | Decimal | None:
    """Give the value of an unquoted scalar; raise `ScalarError` where it is a number that is refused."""
    if text[:1] not in _SUSPICIOUS:
        return text
    if text in _NAMED:
        return _NAMED[text]
    if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS:
        return int(text)  # most numbers; what follows would say the same
    if _DECIMAL.fullmatch(text):
        return number(text)
    if other := _OTHER_BASE.fullmatch(text):
        return _whole_number(other["octal"] or other["hexadecimal"], 8 if other["octal"] else 16)
    if _NOT_FINITE.fullmatch(text):
        raise ScalarError("is not a finite number; write the number, such as 2 or 0.5")
    return text


def number(text: str) -> int | Decimal:
    """Give the number that a decimal numeral means, exactly as written; its length is checked before."""
    parts = _DECIMAL.fullmatch(text)
    if parts is None:
        raise ScalarError("is not a number; write it as 2 or 0.5")
    digits = (parts["fraction"] or parts["whole"] + (parts["rest"] or "")).lstrip("0")
    if len(digits) > MOST_DIGITS:
        raise ScalarError(f"has more than {MOST_DIGITS} digits; round it")
    exponent = (parts["e"] or "0").lstrip("+-").lstrip("0") or "0"
    if len(exponent) > len(str(MOST_EXPONENT)) or int(exponent) > MOST_EXPONENT or len(text) > 3 * MOST_DIGITS:
        raise ScalarError("is too long a number; write it plainly, such as 2 or 0.5")
    is_whole = parts["fraction"] is None and parts["rest"] is None and "." not in text and parts["e"] is None
    return int(text) if is_whole else Decimal(text)


def _whole_number(digits: str, base: int) -> int:
    digits = digits.lstrip("0") or "0"
    if len(digits) > MOST_DIGITS or len(str(int(digits, base))) > MOST_DIGITS:
        raise ScalarError(f"has more than {MOST_DIGITS} digits; round it")
    return int(digits, base)
