"""Importing rounds, as drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.organisations import fold_name
from app.domain.questionnaire import Questionnaire
from app.domain.round_plans import MOST_THRESHOLD
from app.domain.rounds import DEFAULT_THRESHOLD, LEAST_THRESHOLD, SignOff
from app.domain.set_up import RoundRecord
from app.domain.uk_time import UkTimeError, parse_moment
from app.domain.values import in_quotes
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.references import Names
from app.services.setting_up.refusals import FieldFault, Refused
from app.services.setting_up.rights import check_set_up, check_stored
from app.services.setting_up.rounds import RoundForm, describe, list_editions, make_round
from app.services.setting_up.tables import Fault, Faulty, Imported, Row, Table, read_table, refuse
from app.store import partnerships, rounds
from app.store.models import new_id

ALL = "all"
"""What stands for every partnership."""


def import_rounds(
    database: Database, catalogue: Catalogue, actor: Actor | None, data: bytes, now: datetime
) -> Imported | Faulty:
    """Store the rounds of a file as drafts, all or none. One that is a draft already is changed."""
    person_id = check_set_up(actor)
    table = read_table(
        data,
        ("title", "questionnaire", "opens", "closes", "partnerships"),
        ("version", "sign_off", "threshold"),
    )
    faults = list(table.faults)
    with acting(database, actor) as session:
        known = _load(session, catalogue)
        stored = known.rounds
        wanted = _read_rows(known, table, now, faults)
        if faults:
            return refuse(faults)
        before = {one.id: known.taking_part.get(one.id, frozenset()) for one, _ in wanted}
        new = [one for one, _ in wanted if fold_name(one.title) not in stored]
        changed = {
            one.id
            for one, chosen in wanted
            if fold_name(one.title) in stored and (one != stored[fold_name(one.title)] or chosen != before[one.id])
        }
        check_stored(stored=rounds.add_rounds(session, new))
        rounds.change_rounds(session, [one for one, _ in wanted if one.id in changed])
        more = [(one.id, place) for one, chosen in wanted for place in sorted(chosen - before[one.id])]
        rounds.add_taking_part(session, more)
        for one, chosen in wanted:
            if one.id in changed:
                rounds.remove_taking_part(session, one.id, before[one.id] - chosen)
        saved = [one for one, _ in wanted if one in new or one.id in changed]
        if saved:
            auditing.record(
                session, Event.ROUND_SAVED, person_id, now, subject="rounds", new="\n".join(map(describe, saved))
            )
    notes = ("Each is a draft until it is confirmed on its page",) if new else ()
    return Imported(len(new), len(changed), len(wanted) - len(new) - len(changed), notes)


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is already, loaded once for all rows."""

    editions: tuple[Questionnaire, ...]
    rounds: Mapping[str, RoundRecord]
    """By what titles are compared by."""
    taking_part: Mapping[UUID, frozenset[UUID]]
    """Round -> partnerships."""
    partnerships: Names
    everyone: frozenset[UUID]


def _load(session: Session, catalogue: Catalogue) -> _Known:
    everyone = partnerships.list_partnerships(session)
    taking_part: dict[UUID, set[UUID]] = {}
    for round_id, partnership_id in rounds.list_taking_part_everywhere(session):
        taking_part.setdefault(round_id, set()).add(partnership_id)
    return _Known(
        editions=list_editions(catalogue),
        rounds={fold_name(one.title): one for one in rounds.list_rounds(session)},
        taking_part={round_id: frozenset(places) for round_id, places in taking_part.items()},
        partnerships=Names("partnership", ((one.id, one.name) for one in everyone)),
        everyone=frozenset(one.id for one in everyone),
    )


def _read_rows(
    known: _Known, table: Table, now: datetime, faults: list[Fault]
) -> list[tuple[RoundRecord, frozenset[UUID]]]:
    wanted: list[tuple[RoundRecord, frozenset[UUID]]] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        chosen = _read_partnerships(row, known, faults)
        title, key = in_quotes(row.get("title")), fold_name(row.get("title"))
        if key in lines:
            faults.append(
                Fault(row.line, f"the round {title} stands on line {lines[key]} as well; keep one of the two")
            )
        lines[key] = row.line
        before = known.rounds.get(key)
        made = _read_round(row, known.editions, before, now, faults)
        if made is None:
            continue
        is_confirmed = before is not None and before.confirmed_at is not None
        if is_confirmed and (made != before or chosen != known.taking_part.get(made.id, frozenset())):
            text = f"the round {title} has been confirmed; change it on its page, or give another title"
            faults.append(Fault(row.line, text))
            continue
        wanted.append((made, chosen))
    return wanted


def _read_round(
    row: Row, editions: Sequence[Questionnaire], before: RoundRecord | None, now: datetime, faults: list[Fault]
) -> RoundRecord | None:
    opens_at, closes_at = (_read_moment(row, column, faults) for column in ("opens", "closes"))
    reference = _find_reference(row, editions, faults)
    readable = opens_at is not None and closes_at is not None
    form = RoundForm(
        title=row.get("title"),
        questionnaire=reference,
        # Where a moment cannot be read, others stand in its place, so that what else is wrong is told as well.
        opens_at=opens_at if opens_at and readable else now,
        closes_at=closes_at if closes_at and readable else now + timedelta(days=1),
        sign_off=row.get("sign_off").lower() or SignOff.NOBODY,
        threshold=row.get("threshold") or str(DEFAULT_THRESHOLD),
    )
    made = make_round(editions, before.id if before else new_id(), form, ())
    if isinstance(made, Refused):
        told = (_tell(row, fault) for fault in made.faults if fault.field != "questionnaire")
        faults += (Fault(row.line, text) for text in told)
        return None
    if not readable:
        return None
    if before is None:
        return made
    kept = before.targets if made.questionnaire_hash == before.questionnaire_hash else {}
    return replace(made, targets=kept, confirmed_at=before.confirmed_at, partnerships=before.partnerships)


def _read_moment(row: Row, column: str, faults: list[Fault]) -> datetime | None:
    try:
        return parse_moment(row.get(column))
    except UkTimeError as error:
        typed = in_quotes(row.get(column)) if row.get(column) else "is missing"
        faults.append(Fault(row.line, f"{column} {typed}: {_begin_small(str(error))}"))
        return None


def _tell(row: Row, fault: FieldFault) -> str:
    """Say what is wrong by the name of the column, with what stands in it."""
    if fault.field == "sign-off":
        return f"the sign_off {in_quotes(row.get('sign_off'))} is not known; write one of {', '.join(SignOff)}"
    if fault.field == "threshold":
        typed = row.get("threshold")
        wrong = f"is not from {LEAST_THRESHOLD} to {MOST_THRESHOLD}" if typed.isdecimal() else "is no number"
        least = f"write a number from {LEAST_THRESHOLD} to {MOST_THRESHOLD}, such as {DEFAULT_THRESHOLD}"
        return f"the threshold {in_quotes(typed)} {wrong}; {least}"
    if fault.field == "closes-day":
        return f"closes {in_quotes(row.get('closes'))}: {_begin_small(fault.text)}"
    return _begin_small(fault.text)


def _begin_small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _find_reference(row: Row, editions: Sequence[Questionnaire], faults: list[Fault]) -> str:
    """Give `id@version` of the version that a row means, the newest where it names none; empty where there is none."""
    name, version = row.get("questionnaire"), row.get("version")
    found = next((one for one in editions if one.id == name and version in {"", str(one.version)}), None)
    if found:
        return f"{found.id}@{found.version}"
    known = ", ".join(f"{one.id} {one.version}" for one in editions) or "none"
    told = f"{name} {version}".strip()
    faults.append(Fault(row.line, f"no questionnaire {in_quotes(told)} is published; published are: {known}"))
    return ""


def _read_partnerships(row: Row, known: _Known, faults: list[Fault]) -> frozenset[UUID]:
    names = row.list("partnerships")
    if [name.lower() for name in names] == [ALL]:
        return known.everyone
    found: set[UUID] = set()
    for name in names:
        partnership_id = known.partnerships.find(name)
        if partnership_id is not None:
            found.add(partnership_id)
        elif name.lower() == ALL:
            faults.append(Fault(row.line, "partnerships: “all” must stand alone; take it out, or the names beside it"))
        else:
            faults.append(Fault(row.line, known.partnerships.explain(name)))
    return frozenset(found)
