"""Setting rounds up: drafts that only central administrators see, until they are checked and confirmed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.organisations import find_name_fault, fold_name, tidy_name
from app.domain.questionnaire import Questionnaire
from app.domain.round_plans import (
    Finding,
    RoundPlan,
    check_confirm,
    clean_targets,
    find_closing_fault,
    find_obstacles,
    find_window_fault,
    parse_threshold,
)
from app.domain.rounds import LEAST_THRESHOLD, SignOff
from app.domain.set_up import PartnershipRecord, RoundRecord, SetUpCounts
from app.domain.texts import WANTED
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.refusals import FieldFault, Refused
from app.services.setting_up.rights import check_set_up, check_stored
from app.store import partnerships, rounds, texts
from app.store.models import new_id
from app.store.trust import name_opening


@dataclass(frozen=True, slots=True)
class RoundForm:
    """What somebody says of a round: words as typed, moments in UTC."""

    title: str
    questionnaire: str
    """`id@version` of a published version."""
    opens_at: datetime
    closes_at: datetime
    sign_off: str
    threshold: str


@dataclass(frozen=True, slots=True)
class CheckedRound:
    """A round, and what stands in its way or should be known before it is confirmed."""

    round: RoundRecord
    findings: tuple[Finding, ...]


def count_everything(database: Database, actor: Actor, now: datetime) -> SetUpCounts:
    """Count what has been set up."""
    check_set_up(actor)
    with database.reading() as session:
        return rounds.count_everything(session, now)


def list_rounds(database: Database, actor: Actor) -> tuple[RoundRecord, ...]:
    """List every round, drafts included, the newest first."""
    check_set_up(actor)
    with database.reading() as session:
        return rounds.list_rounds(session)


def get(database: Database, actor: Actor, round_id: UUID) -> RoundRecord:
    """Give one round; raises `NotFoundError`."""
    check_set_up(actor)
    with database.reading() as session:
        return _check_there(rounds.find_round(session, round_id))


def check_plan(database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, now: datetime) -> CheckedRound:
    """Give one round with everything that stands in its way. Statements do not grow with partnerships."""
    check_set_up(actor)
    with database.reading() as session:
        found = _check_there(rounds.find_round(session, round_id))
        return CheckedRound(found, _find_obstacles(session, catalogue, found, now))


def list_choices(
    database: Database, actor: Actor, round_id: UUID
) -> tuple[RoundRecord, tuple[PartnershipRecord, ...], frozenset[UUID]]:
    """Give a round, every partnership, and which of them take part."""
    check_set_up(actor)
    with database.reading() as session:
        found = _check_there(rounds.find_round(session, round_id))
        return found, partnerships.list_partnerships(session), rounds.list_taking_part(session, round_id)


def add(
    database: Database, catalogue: Catalogue, actor: Actor, form: RoundForm, now: datetime
) -> RoundRecord | Refused:
    """Store a draft."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        made = make_round(list_editions(catalogue), new_id(), form, rounds.list_rounds(session))
        if isinstance(made, Refused):
            return made
        check_stored(stored=rounds.add_rounds(session, [made]))
        _record(session, Event.ROUND_SAVED, person_id, made.id, now, new=describe(made))
    return made


def change(
    database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, form: RoundForm, now: datetime
) -> RoundRecord | Refused:
    """Change a draft; raises `NotAllowedNowError` once it is confirmed."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        before = _lock_draft(session, round_id)
        others = [other for other in rounds.list_rounds(session) if other.id != round_id]
        made = make_round(list_editions(catalogue), round_id, form, others)
        if isinstance(made, Refused):
            return made
        if made.questionnaire_hash == before.questionnaire_hash:
            made = replace(made, targets=before.targets)
        _save(session, before, replace(made, partnerships=before.partnerships), person_id, now)
    return made


def set_targets(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    round_id: UUID,
    targets: Mapping[str, str],
    now: datetime,
) -> None:
    """Let the targets of a draft be these levels, question id -> level id; of other questions the questionnaire's own.

    Raises `NotAllowedNowError` where a level is not one of its question's.
    """
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        before = _lock_draft(session, round_id)
        cleaned = clean_targets(catalogue.get_by_hash(before.questionnaire_hash), targets)
        if cleaned != dict(targets):
            raise NotAllowedNowError("The questionnaire of this round was changed meanwhile. Open its targets again")
        _save(session, before, replace(before, targets=cleaned), person_id, now)


def set_partnerships(database: Database, actor: Actor, round_id: UUID, chosen: Collection[UUID], now: datetime) -> None:
    """Let these partnerships take part. Once the round is confirmed they can only be added to.

    Raises `NotFoundError` for one that is not there.
    """
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        found = _check_there(rounds.lock_round(session, round_id))
        known = {one.id: one.name for one in partnerships.list_partnerships(session)}
        if not set(chosen) <= known.keys():
            raise NotFoundError("There is no such partnership")
        before = rounds.list_taking_part(session, round_id)
        more = [one for one in known if one in chosen and one not in before]
        fewer = [one for one in before if one not in chosen]
        if found.confirmed_at is not None:
            fewer = []
        rounds.add_taking_part(session, ((round_id, one) for one in more))
        if fewer:
            rounds.remove_taking_part(session, round_id, fewer)
        if more or fewer:
            old, new = ("\n".join(sorted(known[one] for one in ids)) for ids in (fewer, more))
            _record(session, Event.ROUND_SAVED, person_id, round_id, now, old=old, new=new)


def confirm(
    database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, now: datetime, *, accepted: bool
) -> None:
    """Let partners see a draft. What stands in the way is looked at anew.

    Raises `NotAllowedNowError` where something forbids it, or where there are warnings that were not accepted. Sent
    twice, it is done once.
    """
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        found = _check_there(rounds.lock_round(session, round_id))
        if found.confirmed_at is not None:
            return
        findings = _find_obstacles(session, catalogue, found, now)
        check_confirm(findings, accepted=accepted)
        rounds.confirm_round(session, round_id, now)
        accepted_ones = ", ".join(finding.obstacle for finding in findings)
        _record(session, Event.ROUND_CONFIRMED, person_id, round_id, now, old=accepted_ones, new=describe(found))


def move_closing(
    database: Database, actor: Actor, round_id: UUID, closes_at: datetime, now: datetime
) -> RoundRecord | Refused:
    """Let a confirmed round close at another time, a closed one included: it opens again."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        before = _check_there(rounds.lock_round(session, round_id))
        if before.confirmed_at is None:
            raise NotAllowedNowError("This round is a draft: change its dates instead")
        if closes_at == before.closes_at:
            return before
        fault = find_closing_fault(before.opens_at, closes_at, now)
        if fault:
            return Refused((FieldFault("closes-day", fault),))
        rounds.move_closing(session, round_id, closes_at)
        old, new = (f"closes {moment.isoformat()}" for moment in (before.closes_at, closes_at))
        _record(session, Event.ROUND_SAVED, person_id, round_id, now, old=old, new=new)
        if before.closes_at <= now:  # what is shown of trust counts what was submitted before the first closing
            auditing.record(
                session, Event.ROUND_OPENED_AGAIN, person_id, now, subject=name_opening(round_id, before.closes_at)
            )
    return replace(before, closes_at=closes_at)


def list_editions(catalogue: Catalogue) -> tuple[Questionnaire, ...]:
    """List the published versions of every questionnaire, the newest of each first."""
    published = [entry.questionnaire for entry in catalogue.entries if entry.published is not None]
    return tuple(sorted(published, key=lambda questionnaire: (questionnaire.id, -questionnaire.version)))


def make_round(
    editions: Iterable[Questionnaire], round_id: UUID, form: RoundForm, others: Iterable[RoundRecord]
) -> RoundRecord | Refused:
    """Check what somebody says of a round of one of the published versions, and give it as a draft."""
    faults: list[FieldFault] = []
    title = tidy_name(form.title)
    fault = find_name_fault(title)
    if fault:
        faults.append(FieldFault("title", fault.replace("the name", "The title")))
    elif fold_name(title) in {fold_name(other.title) for other in others}:
        faults.append(FieldFault("title", "There is a round of this title already"))
    questionnaire = next((one for one in editions if f"{one.id}@{one.version}" == form.questionnaire), None)
    if questionnaire is None:
        faults.append(FieldFault("questionnaire", "Choose a questionnaire that is published"))
    window = find_window_fault(form.opens_at, form.closes_at)
    if window:
        faults.append(FieldFault("closes-day", window))
    if form.sign_off not in set(SignOff):
        faults.append(FieldFault("sign-off", "Choose who signs off"))
    threshold = parse_threshold(form.threshold)
    if threshold is None:
        faults.append(FieldFault("threshold", f"Enter a number of at least {LEAST_THRESHOLD}, such as 10"))
    if faults or questionnaire is None or threshold is None:
        return Refused(tuple(faults))
    return RoundRecord(
        id=round_id,
        title=title,
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        questionnaire_hash=questionnaire.hash,
        opens_at=form.opens_at,
        closes_at=form.closes_at,
        sign_off=SignOff(form.sign_off),
        withholding_threshold=threshold,
        targets={},
        confirmed_at=None,
    )


def find_faults(catalogue: Catalogue, form: RoundForm) -> tuple[FieldFault, ...]:
    """Find what is wrong with a form apart from what only the database knows."""
    made = make_round(list_editions(catalogue), new_id(), form, ())
    return made.faults if isinstance(made, Refused) else ()


def describe(found: RoundRecord) -> str:
    """Say everything that a round is set to, for the audit."""
    return (
        f"{found.title}; {found.questionnaire_id}@{found.questionnaire_version}; "
        f"opens {found.opens_at.isoformat()}; closes {found.closes_at.isoformat()}; sign-off {found.sign_off}; "
        f"threshold {found.withholding_threshold}; targets {dict(found.targets)}"
    )


def _find_obstacles(session: Session, catalogue: Catalogue, found: RoundRecord, now: datetime) -> tuple[Finding, ...]:
    plan = RoundPlan(
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        sign_off=found.sign_off,
        threshold=found.withholding_threshold,
        has_questionnaire=any(one.hash == found.questionnaire_hash for one in list_editions(catalogue)),
        partnerships=rounds.list_planned(session, found.id, now),
        has_texts=WANTED.keys() <= texts.list_texts(session).keys(),
    )
    return find_obstacles(plan, now)


def _save(session: Session, before: RoundRecord, after: RoundRecord, person_id: UUID | None, now: datetime) -> None:
    if after != before:
        rounds.change_rounds(session, [after])
        _record(session, Event.ROUND_SAVED, person_id, after.id, now, old=describe(before), new=describe(after))


def _lock_draft(session: Session, round_id: UUID) -> RoundRecord:
    found = _check_there(rounds.lock_round(session, round_id))
    if found.confirmed_at is not None:
        raise NotAllowedNowError("This round has been confirmed. Only its closing can be moved, and partnerships added")
    return found


def _check_there(found: RoundRecord | None) -> RoundRecord:
    if found is None:
        raise NotFoundError("There is no such round")
    return found


def _record(
    session: Session,
    event: Event,
    person_id: UUID | None,
    round_id: UUID,
    now: datetime,
    *,
    old: str = "",
    new: str = "",
) -> None:
    auditing.record(session, event, person_id, now, subject=f"round {round_id}", old=old, new=new)
