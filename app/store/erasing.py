"""Erasing somebody's words: in answers, in what was frozen, in mails and the audit, and where others name them."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app.domain.assessment import Answer
from app.domain.audit import Event
from app.domain.erasing import Traces, erase_in_answer, find_own_words
from app.store.models import AnswerVersion, AuditEntry, Base, Mail, Snapshot

CHUNK: Final = 200
TEXTS: Final = ("note", "reason", "evidence_link")
ANSWER: Final = ("choice", "reason", "note", "evidence_kind", "evidence_link")
Line = tuple[UUID, str]
"""A question of a partnership, over all rounds and organisations."""

FREE_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "action_notes": ("text",),
    "agreed_answers": ("reason", "minority_view"),
    "assessment_moves": ("reason",),
    "comments": ("text",),
    "evidence_files": ("name",),
    "given_sections": ("message",),
    "help_asks": ("words",),
    "help_offers": ("words",),
    "late_entries": ("reason",),
    "meetings": ("present",),
    "planned_actions": ("title", "measure"),
    "report_links": ("label",),
    "service_texts": ("text",),
    "unsaved_forms": ("fields",),
}
"""Where others write freely, and might name somebody; answers, mails and the audit are treated by themselves."""


def list_words(session: Session, person_id: UUID) -> dict[Line, frozenset[str]]:
    """Give the words that a person was the first to write, by line."""
    lines = _list_lines(session, AnswerVersion.author_id == person_id)
    texts: dict[Line, list[tuple[str, UUID]]] = defaultdict(list)
    for chunk in _chunks(lines):
        rows = session.execute(
            select(AnswerVersion)
            .where(tuple_(AnswerVersion.partnership_id, AnswerVersion.question_id).in_(chunk))
            .order_by(AnswerVersion.answered_at, AnswerVersion.version)
        ).scalars()
        for row in rows:
            line = texts[row.partnership_id, row.question_id]
            line += ((getattr(row, name), row.author_id) for name in TEXTS)
    words = {line: find_own_words(stored, person_id) for line, stored in texts.items()}
    return {line: own for line, own in words.items() if own}


def _list_lines(session: Session, where: ColumnElement[bool]) -> list[Line]:
    columns = AnswerVersion.partnership_id, AnswerVersion.question_id
    return [(row[0], row[1]) for row in session.execute(select(*columns).where(where).distinct())]


def erase_in_answers(session: Session, words: Mapping[Line, frozenset[str]], traces: Traces) -> int:
    """Take somebody's words and name out of every version of answers; gives how many were changed."""
    lines = {*words, *_list_lines(session, _mentions(AnswerVersion.__table__.c, TEXTS, traces))}
    changed = 0
    for chunk in _chunks(lines):
        versions = session.scalars(
            select(AnswerVersion).where(tuple_(AnswerVersion.partnership_id, AnswerVersion.question_id).in_(chunk))
        )
        for version in versions.all():
            line = version.partnership_id, version.question_id
            before = Answer(**{name: getattr(version, name) for name in ANSWER})
            after = erase_in_answer(before, words.get(line, frozenset()), traces)
            if after != before:
                changed += 1
                for name in ANSWER:
                    setattr(version, name, getattr(after, name))
        session.flush()
        session.expunge_all()
    return changed


def erase_in_snapshots(session: Session, words: Mapping[Line, frozenset[str]], traces: Traces) -> int:
    """Take somebody's words and name out of what was frozen; choices and scores stay as they are."""
    owned = {partnership_id for partnership_id, _ in words}
    concerned = or_(Snapshot.partnership_id.in_(owned), _mentions(Snapshot.__table__.c, ("answers",), traces))
    columns = Snapshot.partnership_id, Snapshot.assessment_id, Snapshot.submission
    keys = [(row[0], row[1], row[2]) for row in session.execute(select(*columns).where(concerned))]
    changed = 0
    for partnership_id, assessment_id, submission in keys:  # one at a time: each holds all answers
        is_it = (
            Snapshot.partnership_id == partnership_id,
            Snapshot.assessment_id == assessment_id,
            Snapshot.submission == submission,
        )
        stored = {
            question: Answer(**answer)
            for question, answer in json.loads(session.scalars(select(Snapshot.answers).where(*is_it)).one()).items()
        }
        cleaned = {
            question: erase_in_answer(answer, words.get((partnership_id, question), frozenset()), traces)
            for question, answer in stored.items()
        }
        if cleaned != stored:
            changed += 1
            frozen = {question: asdict(answer) for question, answer in cleaned.items()}
            session.execute(update(Snapshot).where(*is_it).values(answers=json.dumps(frozen, ensure_ascii=False)))
    return changed


def erase_mentions(session: Session, traces: Traces) -> int:
    """Take somebody's address and full name out of what others wrote; gives how many rows were changed."""
    return sum(
        _rewrite(session, Base.metadata.tables[table], names, traces, traces.erase_mentions)
        for table, names in FREE_TEXTS.items()
    )


def erase_in_mails(session: Session, traces: Traces) -> int:
    """Take somebody's name and words out of mails to others, sent or waiting; gives how many were changed."""
    return _rewrite(
        session, Base.metadata.tables[Mail.__tablename__], ("subject", "body"), traces, traces.erase_in_mail
    )


def _rewrite(
    session: Session, table: Table, names: tuple[str, ...], traces: Traces, clean: Callable[[str], str]
) -> int:
    key = tuple(table.primary_key.columns)
    texts = [table.c[name] for name in names]
    changed = 0
    for row in session.execute(select(*key, *texts).where(_mentions(table.c, names, traces))).all():
        before = dict(zip(names, row[len(key) :], strict=True))
        after = {name: clean(text) for name, text in before.items()}
        if after != before:
            changed += 1
            is_it = (column == value for column, value in zip(key, row, strict=False))
            session.execute(update(table).where(*is_it).values(after))
    return changed


def _mentions(columns: Any, names: Iterable[str], traces: Traces) -> ColumnElement[bool]:  # noqa: ANN401 - of a table
    """Narrow down to rows that may have the name or address in them, as it is or as JSON writes it."""
    found = [
        columns[name].icontains(spelling, autoescape=True)
        for name in names
        for trace in (traces.email, traces.name)
        if trace
        for spelling in {trace, json.dumps(trace)[1:-1]}
    ]
    return or_(false(), *found)


def erase_in_audit(session: Session, person_id: UUID | None, ids: Collection[UUID], traces: Traces) -> int:
    """Erase the texts of entries by somebody, about them or naming them, with their salts; gives how many.

    Every hash stays as it is: it covers the digests of the texts alone.
    """
    about: list[ColumnElement[bool]] = []
    if person_id:
        about += (AuditEntry.actor_id == person_id, AuditEntry.subject.contains(str(person_id)))
    is_other = AuditEntry.event != Event.PERSON_ERASED  # which says how much went, and no word more
    changed = erase_audit_texts(session, or_(false(), *about) & is_other)
    for chunk in _chunks(ids):
        changed += erase_audit_texts(session, or_(*(AuditEntry.subject.contains(str(row_id)) for row_id in chunk)))
    texts = "old_text", "new_text"
    columns = AuditEntry.partnership_id, AuditEntry.number, AuditEntry.old_text, AuditEntry.new_text
    rows = session.execute(select(*columns).where(_mentions(AuditEntry.__table__.c, texts, traces))).all()
    naming = [
        (row.partnership_id, row.number)
        for row in rows
        if traces.is_named_in(row.old_text or "") or traces.is_named_in(row.new_text or "")
    ]
    for keys in _chunks(naming):
        changed += erase_audit_texts(session, tuple_(AuditEntry.partnership_id, AuditEntry.number).in_(keys))
    return changed


def erase_audit_texts(session: Session, where: ColumnElement[bool]) -> int:
    """Erase texts and salts of entries, and say of how many."""
    there = or_(AuditEntry.old_text.is_not(None), AuditEntry.new_text.is_not(None))
    gone = session.execute(
        update(AuditEntry)
        .where(where, there)
        .values(old_text=None, old_salt=None, new_text=None, new_salt=None)
        .returning(AuditEntry.number)
    )
    return len(gone.all())


def _chunks(items: Collection[Any]) -> Iterable[list[Any]]:
    items = list(items)
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
