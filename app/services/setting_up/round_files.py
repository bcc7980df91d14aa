"""Importing rounds, as drafts."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.organisations import fold_name
from app.domain.rounds import DEFAULT_THRESHOLD, SignOff
from app.domain.set_up import RoundRecord
from app.domain.uk_time import UkTimeError, parse_moment
from app.domain.values import in_quotes
from app.services import Database, auditing
from app.services.setting_up.references import Names
from app.services.setting_up.refusals import Refused
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
    with database.writing() as session:
        stored = {fold_name(one.title): one for one in rounds.list_rounds(session)}
        wanted = _read_rows(session, catalogue, table, stored, faults)
        if faults:
            return refuse(faults)
        taking_part = rounds.list_taking_part_everywhere(session)
        new = [one for one, _ in wanted if fold_name(one.title) not in stored]
        changed = {
            one.id
            for one, chosen in wanted
            if fold_name(one.title) in stored
            and (one != stored[fold_name(one.title)] or chosen != {b for a, b in taking_part if a == one.id})
        }
        check_stored(stored=rounds.add_rounds(session, new))
        rounds.change_rounds(session, [one for one, _ in wanted if one.id in changed])
        more = [
            (one.id, place) for one, chosen in wanted for place in sorted(chosen) if (one.id, place) not in taking_part
        ]
        rounds.add_taking_part(session, more)
        for one, chosen in wanted:
            if one.id in changed:
                rounds.remove_taking_part(
                    session, one.id, [b for a, b in taking_part if a == one.id and b not in chosen]
                )
        saved = [one for one, _ in wanted if one in new or one.id in changed]
        if saved:
            auditing.record(
                session, Event.ROUND_SAVED, person_id, now, subject="rounds", new="\n".join(map(describe, saved))
            )
    notes = ("Each is a draft until it is confirmed on its page",) if new else ()
    return Imported(len(new), len(changed), len(wanted) - len(new) - len(changed), notes)


def _read_rows(
    session: Session, catalogue: Catalogue, table: Table, stored: dict[str, RoundRecord], faults: list[Fault]
) -> list[tuple[RoundRecord, frozenset[UUID]]]:
    everyone = partnerships.list_partnerships(session)
    names = Names("partnership", ((one.id, one.name) for one in everyone))
    wanted: list[tuple[RoundRecord, frozenset[UUID]]] = []
    lines: dict[str, int] = {}
    taking_part = rounds.list_taking_part_everywhere(session)
    for row in table.rows:
        chosen = _read_partnerships(row, names, frozenset(one.id for one in everyone), faults)
        key = fold_name(row.get("title"))
        if key in lines:
            title = in_quotes(row.get("title"))
            faults.append(
                Fault(row.line, f"the round {title} stands on line {lines[key]} as well; keep one of the two")
            )
        lines[key] = row.line
        made = _read_round(row, catalogue, stored.get(key), faults)
        if made is None:
            continue
        before = stored.get(key)
        if before is not None and before.confirmed_at is not None:
            there = frozenset(place for round_id, place in taking_part if round_id == before.id)
            if made != before or chosen != there:
                title = in_quotes(before.title)
                faults.append(
                    Fault(
                        row.line, f"the round {title} has been confirmed; change it on its page, or give another title"
                    )
                )
                continue
        wanted.append((made, chosen))
    return wanted


def _read_round(row: Row, catalogue: Catalogue, before: RoundRecord | None, faults: list[Fault]) -> RoundRecord | None:
    moments: dict[str, datetime] = {}
    for column in ("opens", "closes"):
        try:
            moments[column] = parse_moment(row.get(column))
        except UkTimeError as error:
            text = str(error)
            faults.append(Fault(row.line, f"{column} {in_quotes(row.get(column))}: {text[:1].lower()}{text[1:]}"))
    reference = _find_reference(row, catalogue, faults)
    if len(moments) < 2 or not reference:  # noqa: PLR2004 - opening and closing
        return None
    form = RoundForm(
        title=row.get("title"),
        questionnaire=reference,
        opens_at=moments["opens"],
        closes_at=moments["closes"],
        sign_off=row.get("sign_off").lower() or SignOff.NOBODY,
        threshold=row.get("threshold") or str(DEFAULT_THRESHOLD),
    )
    made = make_round(catalogue, before.id if before else new_id(), form, ())
    if isinstance(made, Refused):
        known = {"sign-off": f"; write one of {', '.join(SignOff)}"}
        faults += (
            Fault(row.line, f"{fault.text[:1].lower()}{fault.text[1:]}{known.get(fault.field, '')}")
            for fault in made.faults
        )
        return None
    if before is None:
        return made
    kept = before.targets if made.questionnaire_hash == before.questionnaire_hash else {}
    return replace(made, targets=kept, confirmed_at=before.confirmed_at, partnerships=before.partnerships)


def _find_reference(row: Row, catalogue: Catalogue, faults: list[Fault]) -> str:
    """Give `id@version` of the version that a row means, the newest where it names none; empty where there is none."""
    name, version = row.get("questionnaire"), row.get("version")
    editions = [one for one in list_editions(catalogue) if one.id == name]
    found = next((one for one in editions if version in {"", str(one.version)}), None)
    if found:
        return f"{found.id}@{found.version}"
    known = ", ".join(f"{one.id} {one.version}" for one in list_editions(catalogue)) or "none"
    told = f"{name} {version}".strip()
    faults.append(Fault(row.line, f"no questionnaire {in_quotes(told)} is published; published are: {known}"))
    return ""


def _read_partnerships(row: Row, names: Names, everyone: frozenset[UUID], faults: list[Fault]) -> frozenset[UUID]:
    if row.get("partnerships").lower() == ALL:
        return everyone
    found: set[UUID] = set()
    for name in row.list("partnerships"):
        partnership_id = names.find(name)
        if partnership_id is None:
            faults.append(Fault(row.line, names.explain(name)))
        else:
            found.add(partnership_id)
    return frozenset(found)
