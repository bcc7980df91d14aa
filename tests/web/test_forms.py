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
