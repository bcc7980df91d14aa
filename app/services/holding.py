"""Keeping what somebody typed while their session ended, until the same person has signed in again."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain.access import Actor
from app.services import Database
from app.services.acting import acting
from app.services.tokens import TokenKeys
from app.store import sign_ins, unsaved_forms

LONGEST_PATH: Final = 500
LARGEST_FORM: Final = 20_000
"""Bytes, as JSON."""
MOST_FORMS: Final = 20
"""Of one person; the oldest give way."""


def hold(
    database: Database, session_token: str, path: str, fields: Mapping[str, str], now: datetime, keys: TokenKeys
) -> bool:
    """Keep what was typed on a page for whoever a session belonged to, and say whether it is kept.

    It is not where the session is unknown, or was ended by its owner, or where the text is too long.
    """
    if len(path) > LONGEST_PATH or len(json.dumps(dict(fields))) > LARGEST_FORM:
        return False
    digests = keys.digests(session_token)
    with database.reading() as session:
        if sign_ins.find_owner(session, digests) is None:
            return False
    with database.writing() as session:
        person_id = sign_ins.find_owner(session, digests)
        if person_id is None:
            return False
        unsaved_forms.keep(session, person_id, path, fields, now)
        unsaved_forms.delete_all_but_newest(session, person_id, MOST_FORMS)
    return True


def find_typed(database: Database, actor: Actor, path: str) -> Mapping[str, str]:
    """Find what the actor typed on a page before they were signed out: field -> text, empty where nothing is kept."""
    with database.reading() as session:
        return unsaved_forms.find(session, actor.person_id, path) or {}


def drop(database: Database, actor: Actor, path: str) -> None:
    """Forget it: it has been saved, or is not wanted."""
    with acting(database, actor) as session:
        unsaved_forms.drop(session, actor.person_id, path)
