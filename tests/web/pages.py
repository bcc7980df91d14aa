"""Reading pages in tests: as a parser that forgives nothing, and as a person."""

import re
from html import unescape
from xml.etree.ElementTree import Element

import html5lib


def parse(html: str) -> Element:
    """Parse a page; anything that is not good HTML raises."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    return root


def words(html: str) -> str:
    """Give what stands on a page, white space folded."""
    body = re.sub(r"<(script|style|head).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def title(html: str) -> str:
    """Give the title of a page."""
    return unescape(" ".join(re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0].split()))


def links(html: str) -> dict[str, str]:
    """Give the links of a page: words -> address."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return {words(text): unescape(href) for href, text in found}


def hidden(html: str, name: str) -> str:
    """Give the value of a hidden field."""
    return unescape(re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', html)[0])
