"""The texts of mails: every kind has one, they say what to do, and nobody's words pass for the service's."""

from datetime import UTC, datetime

import pytest

from app.domain.access import Role
from app.domain.action_reminders import ActionReminder
from app.domain.exchange import Side
from app.domain.reminders import Reminder
from app.services import action_letters, exchange_letters, letters
from app.services.letters import HELLO, OFFERED, STOP, Ahead, Outcome, Unfinished
from app.services.mailing import LINK, Letter, MailKind
from tests.plans import make_action

HOSTILE = "Eve\r\nBcc: x@evil.example\n\nReform enablers\nhttps://evil.example\x1b[2J"
MESSAGE = "Please do.\n\nReform enablers\nYour account is locked: https://evil.example\n{link}\n> quoted"
SUMMER = datetime(2026, 7, 3, 16, 30, tzinfo=UTC)
UNFINISHED = (Unfinished(HOSTILE, HOSTILE, "in progress"), Unfinished("Trust", "Vale", "not started"))
OUTCOMES = (Outcome(HOSTILE, ("Council", HOSTILE), ()), Outcome("Vale", (), ("Trust",)), Outcome("None", (), ()))
ACTION = make_action(title=HOSTILE, measure=HOSTILE, partnership=HOSTILE, department=HOSTILE)

LETTERS: dict[str, Letter] = {
    "sign in": letters.sign_in("/x"),
    **{f"invitation as {role}": letters.invitation(role, HOSTILE, HOSTILE, "/x", SUMMER) for role in OFFERED},
    "invitation by command": letters.invitation(Role.CENTRAL_ADMINISTRATOR, "", "", "/x", SUMMER),
    "invitation to a round": letters.invitation(
        Role.LEAD, HOSTILE, HOSTILE, "/x", SUMMER, Ahead(HOSTILE, SUMMER, SUMMER, is_open=False)
    ),
    "section": letters.section_given(HOSTILE, HOSTILE, HOSTILE, MESSAGE, HOSTILE, SUMMER, "/x"),
    "section without words": letters.section_given(HOSTILE, HOSTILE, HOSTILE, " ", HOSTILE, SUMMER, "/x"),
    "submitted": letters.submitted(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, "/x"),
    "submitted again": letters.submitted(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 2, "/x"),
    "changes": letters.changes_requested(HOSTILE, HOSTILE, HOSTILE, MESSAGE, "/x", submits=True),
    "changes to a contributor": letters.changes_requested(HOSTILE, HOSTILE, HOSTILE, MESSAGE, "/x", submits=False),
    "signed off": letters.signed_off(HOSTILE, HOSTILE, HOSTILE, "/x"),
    "reopened": letters.reopened(HOSTILE, HOSTILE, HOSTILE, MESSAGE, "/x"),
    "reopened after signing off": letters.reopened_signed(HOSTILE, HOSTILE, HOSTILE, MESSAGE, "/x"),
    "late entry": letters.late_entry(HOSTILE, HOSTILE, HOSTILE, SUMMER, MESSAGE, "/x"),
    **{f"reminder of {kind}": letters.reminder(kind, HOSTILE, SUMMER, UNFINISHED, "/x") for kind in Reminder},
    "asked": letters.asked(HOSTILE, HOSTILE, HOSTILE, HOSTILE, SUMMER, "/x"),
    "closed": letters.round_closed(HOSTILE, SUMMER, OUTCOMES, "/x"),
    "action": action_letters.action_given(ACTION, HOSTILE, "/x"),
    "ask": action_letters.ask_sent(ACTION, HOSTILE, MESSAGE, "/x"),
    **{
        f"ask {status}": action_letters.ask_answered(ACTION, status, HOSTILE, MESSAGE, "/x")
        for status in action_letters.ANSWERED
    },
    **{f"action {kind}": action_letters.action_reminder(kind, ACTION, "/x") for kind in ActionReminder},
    **{f"proposed to {side}": exchange_letters.proposed(side, HOSTILE, HOSTILE, "/x") for side in Side},
    "matched": exchange_letters.matched(HOSTILE, HOSTILE, "/x"),
}
OWN_LINES = ("Finished: ", "Not finished: ", "- ", ">", "Still to be done:")


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_a_letter_is_sound_whatever_people_write(letter: Letter) -> None:
    assert letter.paragraphs[0] == HELLO
    assert letter.paragraphs.count(LINK) == 1
    assert "\n" not in letter.subject
    text = "\n\n".join(letter.paragraphs)
    assert "\x1b" not in text + letter.subject
    for line in text.splitlines():
        assert not line.startswith(("Reform enablers", "https://evil", "Bcc:", "Your account is locked"))
    for paragraph in letter.paragraphs:
        assert all(line.startswith(OWN_LINES) for line in paragraph.splitlines()[1:])


def test_every_kind_of_mail_has_a_letter() -> None:
    assert {letter.kind for letter in LETTERS.values()} == set(MailKind)


def test_every_role_that_a_person_can_have_can_be_offered() -> None:
    assert set(OFFERED) == set(Role) - {Role.API_CLIENT}


def test_what_somebody_wrote_is_quoted_with_their_name() -> None:
    letter = letters.section_given(
        "Ada", "Council", "Sharing information", "First.\n\nSecond.", "Summer round", SUMMER, "/x"
    )
    assert letter.subject == "Reform enablers: “Sharing information” was given to you"
    assert letter.paragraphs == (
        HELLO,
        "Ada asks you to answer the section “Sharing information” for Council.",
        "Ada wrote:\n> First.\n>\n> Second.",
        "Summer round is open until 5:30pm on 3 July 2026.",
        "The questions are here. You can stop at any time, and go on later:",
        LINK,
    )


def test_a_second_submission_says_so_and_only_leads_are_asked_to_submit() -> None:
    first, second = (letters.submitted("Council", "Vale", "Round", "Ada", number, "/x") for number in (1, 2))
    assert "second submission" not in first.paragraphs[1]
    assert second.paragraphs[1].endswith("This is the second submission.")
    lead, contributor = (
        letters.changes_requested("Council", "Round", "Ada", "Why", "/x", submits=submits) for submits in (True, False)
    )
    assert "Please submit it again" in lead.paragraphs[-2]
    assert "submit" not in contributor.paragraphs[-2]


def test_times_are_uk_time_and_reminders_say_how_to_stop_them() -> None:
    letter = letters.reminder(Reminder.WEEK, "Summer round", SUMMER, UNFINISHED[1:], "/x")
    assert letter.paragraphs[1:] == (
        "Summer round closes at 5:30pm on 3 July 2026, and there is still something to be done.",
        "Still to be done:\n- Trust, in Vale: not started",
        "Go on here:",
        LINK,
        STOP,
    )


def test_a_closing_is_told_in_names_and_counts() -> None:
    letter = letters.round_closed("Summer round", SUMMER, (Outcome("Vale", ("Council", "Trust"), ("Police",)),), "/x")
    assert letter.paragraphs[1:3] == (
        "Summer round closed at 5:30pm on 3 July 2026. 2 of 3 organisations finished.",
        "Vale: 2 of 3 organisations finished\nFinished: Council, Trust\nNot finished: Police",
    )
