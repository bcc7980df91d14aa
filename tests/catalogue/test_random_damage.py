"""Whatever happens to the bytes of a file, the answer is a catalogue or a list of faults."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import CatalogueError, load, load_questionnaire_file
from app.catalogue.answer_files import load_answers_file
from app.domain.questionnaire import Questionnaire
from tests.catalogue.samples import BOTH_SIDES, write_framework

PIECES = st.sampled_from(
    [
        *"\"'[]{}:,-?#&*!|>%@`~\t\0\x85\u2028 \n",
        "- ",
        ": ",
        "<<: ",
        "---\n",
        "...\n",
        "&a ",
        "*a",
        "!!str ",
        "null",
        "1e9",
        "{}",
        "[]",
    ]
)
EDITS = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 40), st.one_of(PIECES, st.text(max_size=3))), min_size=1, max_size=6
)


def edit(text: str, edits: list[tuple[int, int, str]]) -> bytes:
    for at, length, piece in edits:
        start = at % (len(text) + 1)
        text = text[:start] + piece + text[start + length :]
    return text.encode(errors="surrogatepass")


def check_loads_or_is_refused(folder: Path) -> None:
    try:
        catalogue = load(folder)
    except CatalogueError as error:
        refused = error
    else:
        assert all(entry.questionnaire.hash for entry in catalogue.entries)
        return
    assert refused.faults
    assert all(fault.line >= 1 and fault.message for fault in refused.faults)


@settings(max_examples=150, deadline=None)
@given(file=st.sampled_from(sorted(BOTH_SIDES)), edits=EDITS)
def test_random_damage_never_raises_anything_else(file: str, edits: list[tuple[int, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (write_framework(Path(folder), BOTH_SIDES) / file).write_bytes(edit(BOTH_SIDES[file], edits))
        check_loads_or_is_refused(Path(folder))


@settings(max_examples=100, deadline=None)
@given(file=st.sampled_from(sorted(BOTH_SIDES)), data=st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(file: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (write_framework(Path(folder), BOTH_SIDES) / file).write_bytes(data)
        check_loads_or_is_refused(Path(folder))


ANSWERS = {
    ".yaml": "picture: some\nmoney: {not-applicable: We hold none}\ntrust: dont-know\n",
    ".json": '{"picture": "some", "money": {"not-applicable": "We hold none"}, "trust": "dont-know"}',
    ".csv": "question,answer,reason,note\npicture,some,,\nmoney,not-applicable,We hold none,\ntrust,dont-know,,\n",
}


def make_questionnaire() -> Questionnaire:
    with tempfile.TemporaryDirectory() as folder:
        return load_questionnaire_file(write_framework(Path(folder)) / "asked.v1.yaml")


@settings(max_examples=150, deadline=None)
@given(suffix=st.sampled_from(sorted(ANSWERS)), edits=EDITS)
def test_random_answers_never_raise_anything_else(suffix: str, edits: list[tuple[int, int, str]]) -> None:
    questionnaire = make_questionnaire()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"answers{suffix}"
        path.write_bytes(edit(ANSWERS[suffix], edits))
        try:
            answers = load_answers_file(path, questionnaire)
        except CatalogueError as error:
            answers = {}
            faults = error.faults
        else:
            faults = ()
        assert bool(answers) != bool(faults)
        assert answers.keys() <= questionnaire.questions_by_id.keys()
