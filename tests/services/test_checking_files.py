import pytest

from app.domain.evidence import WRONG_KIND, find_kind
from app.services.checking_files import find_fault
from tests.evidence_files import HONEST, LYING


@pytest.mark.parametrize(("name", "content"), HONEST.items(), ids=HONEST)
def test_a_file_that_is_what_it_says_is_taken(name: str, content: bytes) -> None:
    kind = find_kind(name)
    assert kind is not None
    assert find_fault(kind, content) == ""


@pytest.mark.parametrize(("name", "content", "words"), LYING.values(), ids=LYING)
def test_a_file_that_lies_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    kind = find_kind(name)
    fault = find_fault(kind, content) if kind else WRONG_KIND
    assert words in fault


@pytest.mark.parametrize(("name", "content"), HONEST.items(), ids=HONEST)
def test_a_file_that_is_cut_anywhere_is_refused_or_taken_but_never_breaks(name: str, content: bytes) -> None:
    kind = find_kind(name)
    assert kind is not None
    for length in range(1, len(content)):
        fault = find_fault(kind, content[:length])
        assert fault or name.endswith((".csv", ".TXT", ".pdf", ".jpg", ".jpeg")), length


@pytest.mark.parametrize(("name", "content"), HONEST.items(), ids=HONEST)
def test_a_file_with_any_byte_changed_never_breaks_the_check(name: str, content: bytes) -> None:
    kind = find_kind(name)
    assert kind is not None
    for place in range(len(content)):
        for mask in (0x01, 0x80, 0xFF):
            changed = content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :]
            assert isinstance(find_fault(kind, changed), str)
