"""What holds for every page that somebody can be led to from the start page, whoever they are.

Pages that only a sent form leads to, and what people do there, are in tests/web and tests/browser.
"""

import re
from collections import Counter, defaultdict
from xml.etree.ElementTree import Element

import pytest
from fastapi import FastAPI
from httpx2 import Response

from app.web.templating import INVENTED
from tests.house.conftest import Explore
from tests.house.demonstration import NOBODY, VISITORS, Visit, open_as
from tests.web.pages import parse, title, words

FIRST_VISIT_BYTES = 60_000
FIRST_VISIT_REQUESTS = 4


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_link_leads_somewhere(explore: Explore, visitor: str) -> None:
    visits = explore(visitor)
    assert {path: visit.response.status_code for path, visit in visits.items()} == dict.fromkeys(visits, 200)


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_page_is_sound(explore: Explore, visitor: str) -> None:
    faults = {
        visit.path: found for visit in explore(visitor).values() if visit.is_page and (found := find_faults(visit))
    }
    assert not faults


def find_faults(visit: Visit) -> list[str]:
    """Find what no page may have."""
    html = visit.response.text
    root = parse(html)  # raises where it is not good HTML
    elements = list(root.iter())
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    headings = sum(element.tag == "h1" for element in elements)
    return [
        *(f"the id {name} stands {times} times" for name, times in ids.items() if times > 1),
        *([] if headings == 1 else [f"{headings} main headings"]),
        *([] if root.get("lang") == "en" else ["no language"]),
        *([] if INVENTED in words(html) else ["no word of being invented"]),
        *(fault for element in elements for fault in find_inline(element)),
        *(
            f"nothing has the id {href[1:]}"
            for element in elements
            if (href := element.get("href", "")).startswith("#") and href[1:] not in ids
        ),
    ]


def find_inline(element: Element) -> list[str]:
    """Find what the content security policy refuses: scripts and styles that stand in the page."""
    tag = str(element.tag)
    return [
        *(["a script in the page"] if tag == "script" and (element.text or not element.get("src")) else []),
        *(["a style sheet in the page"] if tag == "style" else []),
        *(
            f"<{tag} {name}={value!r}>"
            for name, value in element.items()
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:")
        ),
    ]


BAD_PIECES = {
    '<p id="a">': "the id a stands 2 times",
    "<h1>Again</h1>": "2 main headings",
    '<p style="color: red">': "<p style='color: red'>",
    '<p onclick="go()">': "<p onclick='go()'>",
    '<a href="javascript:go()">Go</a>': "<a href='javascript:go()'>",
    "<script>go()</script>": "a script in the page",
    '<a href="#b">Go</a>': "nothing has the id b",
}


@pytest.mark.parametrize(("piece", "fault"), BAD_PIECES.items())
def test_what_is_looked_for_is_found(piece: str, fault: str) -> None:
    html = f'<!DOCTYPE html><html lang="en"><title>T</title><h1 id="a">H</h1><p>{INVENTED}</p>{{}}</html>'
    assert [find_faults(Visit("/", Response(200, html=html.format(part)))) for part in ("", piece)] == [[], [fault]]


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_page_has_a_title_of_its_own(explore: Explore, visitor: str) -> None:
    """Tabs and histories are told apart by it. One page under two addresses, as after a redirection, is one page."""
    addresses = defaultdict(set)
    for visit in explore(visitor).values():
        if visit.is_page:
            addresses[title(visit.response.text)].add(visit.response.url.path)
    assert {name: paths for name, paths in addresses.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("visitor", [NOBODY, VISITORS[1], VISITORS[3], VISITORS[-1]])
def test_a_first_visit_is_light(demonstration_app: FastAPI, explore: Explore, visitor: str) -> None:
    """Whichever page comes first: the page and what it loads, as it goes over the wire."""
    client = open_as(demonstration_app, NOBODY)
    weights: dict[str, int] = {}

    def weigh(path: str) -> int:
        if path not in weights:
            response = client.get(path)
            assert response.status_code == 200
            weights[path] = response.num_bytes_downloaded
        return weights[path]

    for visit in explore(visitor).values():
        if visit.is_page:
            html = visit.response.text
            loaded = set(re.findall(r'<(?:link|script|img)\b[^>]*\b(?:href|src)="([^"]*)"', html))
            assert all(path.startswith("/static/") for path in loaded), visit.path
            assert 1 + len(loaded) <= FIRST_VISIT_REQUESTS, visit.path
            page = visit.response.num_bytes_downloaded
            assert page + sum(map(weigh, loaded)) < FIRST_VISIT_BYTES, visit.path


def test_what_is_weighed_is_what_goes_over_the_wire(demonstration_app: FastAPI) -> None:
    page = open_as(demonstration_app, NOBODY).get("/")
    assert page.headers["content-encoding"] == "gzip"
    assert page.num_bytes_downloaded < len(page.content) / 2
