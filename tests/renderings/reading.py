"""Reads numbers back out of what the renderings wrote: text, PDF, the page's tables, and sums on paper."""

import ast
import io
import operator
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any, Final
from xml.etree.ElementTree import Element

import html5lib
from pypdf import PdfReader

XHTML: Final = "{http://www.w3.org/1999/xhtml}"
PRECISE: Final = Context(prec=80)
OPERATIONS: Final[dict[type, Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
SUM: Final = re.compile(
    r"(?P<left>[(\d][\d.()×÷+−\s]*?) [=≈] (?P<right>−?\d+(?:\.\d+)?)%?(?:, shown as (?P<shown>−?\d+\.\d))?"
)


def rounded(number: Fraction, places: int) -> Decimal:
    """Round with the decimal module, a second way; dividing to 80 digits first leaves no room for double rounding."""
    exact = PRECISE.divide(Decimal(number.numerator), Decimal(number.denominator))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, PRECISE)


def one_decimal(number: Fraction | None, unit: str = "") -> str:
    """Write a number as surfaces for people do; nothing for nothing."""
    return "" if number is None else f"{rounded(number, 1) + 0:f}{unit}".replace("-", "−")


def parse_html(html: str, *, fragment: bool = False) -> Element:
    """Parse strictly: a fault in the markup is a failure."""
    parser = html5lib.HTMLParser(strict=True)
    tree: Element = parser.parseFragment(html) if fragment else parser.parse(html)
    return tree


def words_of(element: Element) -> str:
    """Give all text in an element, spaces evened out."""
    return " ".join("".join(element.itertext()).split())


def by_class(tree: Element, name: str) -> list[Element]:
    """Find the elements with a class."""
    return [element for element in tree.iter() if name in element.get("class", "").split()]


def table_rows(table: Element) -> list[list[str]]:
    """Read a table as rows of words, its heads included."""
    return [
        [words_of(cell) for cell in row if cell.tag in {f"{XHTML}th", f"{XHTML}td"}] for row in table.iter(f"{XHTML}tr")
    ]


def pdf_words(pdf: bytes) -> str:
    """Give all text of a PDF, spaces evened out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def sums_in(line: str) -> Iterator[tuple[Fraction, str]]:
    """Find the sums in a line of a working: what its left side comes to, and the number it says is shown."""
    for match in SUM.finditer(line):
        left = match["left"]
        if re.search("[×÷+−]", left):
            yield work_out(left), match["shown"] or one_decimal(_number(match["right"]))


def work_out(expression: str) -> Fraction:
    """Do a sum as written: decimals, × ÷ + − and brackets."""
    plain = expression.replace("×", "*").replace("÷", "/").replace("−", "-")
    return _evaluate(ast.parse(plain.strip(), mode="eval").body, plain.strip())


def _evaluate(node: ast.expr, source: str) -> Fraction:
    match node:
        case ast.BinOp():
            result: Fraction = OPERATIONS[type(node.op)](_evaluate(node.left, source), _evaluate(node.right, source))
            return result
        case ast.UnaryOp(op=ast.USub()):
            return -_evaluate(node.operand, source)
        case ast.Constant():
            return Fraction(ast.get_source_segment(source, node) or "")
        case _:
            raise ValueError(source)


def _number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))
