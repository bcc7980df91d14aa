"""The small values that everything in the core is built from: ids, texts in several languages, links, exact numbers."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

SERVICE_NAME: Final = "Reform enablers"
"""What the service calls itself, on its pages and in its mails."""
ID_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
ID_LENGTH: Final = 80
TEXT_LENGTH: Final = 10_000
LINK_LENGTH: Final = 2000
QUOTED_LENGTH: Final = 60
"""Characters of a foreign text that a message repeats."""
DEFAULT_LANGUAGE: Final = "en"

Id = Annotated[str, StringConstraints(strict=True, pattern=ID_PATTERN, max_length=ID_LENGTH)]
"""A stable slug, such as `sharing-information`."""

_ID = re.compile(ID_PATTERN.removesuffix("$"))


def is_id(text: str) -> bool:
    """Say whether `text` has the form of an `Id`."""
    return len(text) <= ID_LENGTH and _ID.fullmatch(text) is not None


class Text(str):
    """Words for a person. The string itself is the English, or the first language given; `translations` holds all."""

    __slots__ = ("translations",)
    translations: Mapping[str, str]

    def __new__(cls, words: str | Mapping[str, str]) -> Self:
        """Take one string, or a mapping of language code to string."""
        translations = {DEFAULT_LANGUAGE: words} if isinstance(words, str) else dict(words)
        text = super().__new__(cls, translations.get(DEFAULT_LANGUAGE, next(iter(translations.values()))))
        text.translations = translations
        return text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Validate a string or a language map, and give a `Text`."""
        return core_schema.no_info_plain_validator_function(
            cls._validated, serialization=core_schema.plain_serializer_function_ser_schema(cls._plain)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe both forms for editors and API clients."""
        words = {"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH}
        return {
            "anyOf": [
                words,
                {
                    "type": "object",
                    "propertyNames": {"pattern": "^[a-z]{2,3}$"},
                    "additionalProperties": words,
                    "minProperties": 1,
                },
            ]
        }

    @classmethod
    def _validated(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            _check_words(value)
            return cls(value)
        if isinstance(value, Mapping) and value:
            for language, words in value.items():
                if not (isinstance(language, str) and re.fullmatch(r"[a-z]{2,3}", language)):
                    raise PydanticCustomError("text_language", "has a language that is not a code such as en or cy")
                _check_words(words)
            return cls(value)
        raise PydanticCustomError("text_type", "must be a text, or a map of languages such as {{en: …, cy: …}}")

    def _plain(self) -> str | dict[str, str]:
        if set(self.translations) == {DEFAULT_LANGUAGE}:
            return str(self)
        return dict(self.translations)


def _check_words(value: object) -> None:
    if not isinstance(value, str):
        raise PydanticCustomError("text_type", "must be a text; put quotes around it if it looks like a number")
    if not value.strip():
        raise PydanticCustomError("text_blank", "is blank; write the words a person will read")
    if len(value) > TEXT_LENGTH:
        raise PydanticCustomError("text_long", "is longer than 10,000 characters; shorten it")


REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# Terminal escapes and other control characters, separators and overrides that turn the direction of what follows, lone
# surrogates, and what is no character: shown as a replacement sign, so that a reader sees something was there.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Give foreign text as one line without control characters. Markup in it stays text: escaping is each surface's."""
    return _SPACE.sub(" ", _UNSHOWABLE.sub(REPLACEMENT, text)).strip()


def in_quotes(text: str) -> str:
    """Give foreign text for a message: in quotation marks, on one line, and not too long."""
    line = one_line(text[: 2 * QUOTED_LENGTH])
    return f"“{line if len(text) <= QUOTED_LENGTH else line[:QUOTED_LENGTH] + '…'}”"


def is_plain_text(text: str) -> bool:
    """Say whether any database can keep a text: no control characters but tab and new line, no surrogates."""
    return not any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n" for character in text)


def is_web_address(text: str) -> bool:
    """Say whether a text is a link that a click may follow: http or https with a host, in printable characters."""
    if len(text) > LINK_LENGTH or not text.isprintable() or re.search(r'[\s<>"]', text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host)


def _link(text: str) -> str:
    if not is_web_address(text):
        raise PydanticCustomError("link", "must be a web address, starting with https://")
    return text


Link = Annotated[
    str,
    StringConstraints(strict=True, max_length=LINK_LENGTH),
    AfterValidator(_link),
    WithJsonSchema({"maxLength": LINK_LENGTH, "pattern": r"^https?://[^\s/]+[^\s]*$", "type": "string"}),
]
"""A web address. Editors know its form; `is_web_address` is the rule."""


def _number(value: object) -> Fraction:
    if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
        if isinstance(value, Decimal) and not value.is_finite():
            raise PydanticCustomError("number_finite", "must be a finite number")
        return Fraction(value)
    raise PydanticCustomError("number_type", "must be a number, such as 2 or 0.5")


def _as_written(number: Fraction) -> int | float:
    """Give the decimal as it was written: up to 15 digits survive a float's shortest form unchanged."""
    return number.numerator if number.denominator == 1 else float(number)


Number = Annotated[
    Fraction,
    PlainValidator(_number),
    PlainSerializer(_as_written),
    WithJsonSchema({"type": "number"}),
]
"""An exact number of at most 15 digits. A number in a file is the decimal as written: 0.1 is one tenth."""
