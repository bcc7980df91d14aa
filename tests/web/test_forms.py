"""A form has the fields that its page sends, once each, and nothing else."""

import pytest

from tests.people import World
from tests.web.conftest import SignedIn


@pytest.mark.parametrize(
    "body",
    [
        "email=a%40b.example&next=&role=lead",
        "email=a%40b.example&email=c%40d.example&next=",
        "email=a%40b.example&next=&__proto__=1",
    ],
)
def test_a_field_that_is_unknown_or_twice_is_refused(browse: SignedIn, body: str) -> None:
    reply = browse(None).post("/sign-in", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert reply.status_code == 400


def test_a_button_takes_no_fields(browse: SignedIn, world: World) -> None:
    client = browse(world.officer)
    assert client.post("/sign-out", data={"everywhere": "yes"}, follow_redirects=False).status_code == 400
    assert client.post("/sign-out", follow_redirects=False).status_code == 303


def test_a_form_in_another_encoding_is_refused(browse: SignedIn) -> None:
    reply = browse(None).post("/sign-in", files={"email": ("a.txt", b"a@b.example")})
    assert reply.status_code == 415


@pytest.mark.parametrize("charset", ["undefined", "punycode", "unicode_escape", "utf-16"])
def test_an_encoding_that_no_page_of_ours_names_is_refused(browse: SignedIn, world: World, charset: str) -> None:
    body = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nemail\r\n--B--\r\n'
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    for actor in (None, world.officer):
        reply = browse(actor).post("/set-up/people/import", content=body, headers={"content-type": kind})
        assert reply.status_code == 415


@pytest.mark.parametrize("path", ["/assessments%00", "/partnerships/%00", "/sign-in/a%0Ab", "/%7F"])
def test_an_address_with_control_characters_is_no_address(browse: SignedIn, world: World, path: str) -> None:
    for method in ("GET", "POST"):
        assert browse(world.officer).request(method, path).status_code == 404
