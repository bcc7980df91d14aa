"""Learning from others on either database: offering, asking, proposing, saying yes on both sides, and the end of it."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import SHOWN, UNLISTED, Event
from app.domain.errors import EnablersError, NotAllowedNowError, NotFoundError
from app.domain.exchange import (
    ANSWER_WITHIN,
    LIVE,
    REST,
    HelpKind,
    HelpOffer,
    ProposalStatus,
    Reply,
    Side,
)
from app.domain.matching import MOST_PROPOSALS
from app.services import Database, consenting, exchange, privacy, reading_audit, verifying
from app.services.outside import Outside
from app.services.working import JOBS, Means
from app.services.working.proposing import propose_help
from app.store.exchange import Contact
from app.store.models import (
    Assessment,
    AuditEntry,
    HelpAsk,
    HelpProposal,
    Membership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    Snapshot,
    new_id,
)
from app.store.models import HelpOffer as OfferRow
from tests.done_rounds import submit
from tests.exchanges import ENABLER, STRONG, WEAK, Town, Towns, ask, draft, make_towns, offer
from tests.people import NOW, World
from tests.statements import counted_statements
from tests.working import Postbag, list_mails, make_means

S = ProposalStatus
DAY = timedelta(days=1)


@pytest.fixture
def towns(database: Database, questionnaires: Catalogue) -> Towns:
    return make_towns(database, questionnaires, "strong", "weak", "weakest")


@pytest.fixture
def proposal_id(database: Database, questionnaires: Catalogue, towns: Towns) -> UUID:
    """The proposal of the weak town and the strong one."""
    offer(database, questionnaires, towns["strong"])
    ask(database, questionnaires, towns["weak"])
    ((found, _),) = list_proposals(database)
    return found


def list_proposals(database: Database) -> list[tuple[UUID, str]]:
    with database.reading() as session:
        rows = session.execute(select(HelpProposal.id, HelpProposal.status).order_by(HelpProposal.id))
        return [(row.id, row.status) for row in rows]


def say(database: Database, questionnaires: Catalogue, town: Town, proposal_id: UUID, said: str) -> None:
    consenting.reply(database, questionnaires, town.coordinator, town.partnership, proposal_id, said, NOW)


def match(database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID) -> None:
    for name in ("weak", "strong"):
        say(database, questionnaires, towns[name], proposal_id, Reply.ACCEPT)


def see(
    database: Database, questionnaires: Catalogue, town: Town, proposal_id: UUID, actor: Actor | None = None
) -> consenting.OpenedProposal:
    return consenting.get_proposal(
        database, questionnaires, actor or town.coordinator, town.partnership, proposal_id, NOW
    )


def name_of_refusal(call: Callable[[], object]) -> str | None:
    try:
        call()
    except EnablersError as error:
        return type(error).__name__
    return None


@pytest.fixture
def means(database: Database, questionnaires: Catalogue) -> Means:
    return make_means(database, questionnaires, Postbag())


# ---- Offering and asking ---------------------------------------------------------------------------------------------


def test_the_report_suggests_what_to_offer_and_what_to_ask(
    database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    for name, is_strong in (("strong", True), ("weak", False)):
        town = towns[name]
        found = exchange.get_exchange(database, questionnaires, town.coordinator, town.partnership, NOW)
        assert len(found.standings) == 5
        assert {each.is_strong for each in found.standings} == {is_strong}
        assert {each.need is None for each in found.standings} == {is_strong}
        assert (found.offers, found.asks, found.proposals, found.can_act) == ({}, {}, (), True)


def test_what_the_report_does_not_bear_out_is_neither_offered_nor_asked(
    database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    for name, send in (("weak", exchange.offer), ("strong", exchange.ask)):
        town = towns[name]
        where = town.coordinator, town.partnership, ENABLER
        with pytest.raises(NotAllowedNowError, match="the newest report of a closed round"):
            send(database, questionnaires, *where, draft(town), 0, NOW)
    with pytest.raises(NotFoundError):
        exchange.offer(
            database,
            questionnaires,
            towns["strong"].coordinator,
            towns["strong"].partnership,
            "no-such-enabler",
            draft(towns["strong"]),
            0,
            NOW,
        )


def test_one_form_sent_many_times_at_once_is_one_offer(
    database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    town = towns["strong"]
    where = town.coordinator, town.partnership, ENABLER

    def send(_: int) -> object:
        return exchange.offer(database, questionnaires, *where, draft(town), 0, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(8))) == [()] * 8
    with database.reading() as session:
        assert session.scalars(select(OfferRow.version)).all() == [1]
    assert count_audit(database, Event.HELP_OFFERED) == 1


def test_whoever_changes_an_offer_second_is_shown_what_is_stored(
    database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    town = towns["strong"]
    where = town.coordinator, town.partnership, ENABLER
    offer(database, questionnaires, town)
    assert exchange.offer(database, questionnaires, *where, draft(town, "visit", "coaching"), 1, NOW) == ()
    found = exchange.offer(database, questionnaires, *where, draft(town, "shadowing"), 1, NOW)
    assert isinstance(found, HelpOffer)
    assert (found.kinds, found.version) == (frozenset({HelpKind.VISIT, HelpKind.COACHING}), 2)
    assert exchange.offer(database, questionnaires, *where, draft(town, "shadowing"), 2, NOW) == ()


def test_what_was_withdrawn_can_be_offered_again(database: Database, questionnaires: Catalogue, towns: Towns) -> None:
    town = towns["strong"]
    where = town.coordinator, town.partnership, ENABLER
    offer(database, questionnaires, town)
    for _ in range(2):  # sent twice, done once
        exchange.take_back(database, *where, Side.OFFERING, NOW)
    assert count_audit(database, Event.HELP_WITHDRAWN) == 1
    assert exchange.get_exchange(database, questionnaires, *where[:2], NOW).offers == {}
    form = exchange.open_form(database, questionnaires, *where, Side.OFFERING, NOW)
    assert form.before is not None
    assert (form.before.is_open, form.before.words) == (False, town.words)
    assert exchange.offer(database, questionnaires, *where, draft(town), 1, NOW + DAY) == ()
    (found,) = exchange.get_exchange(database, questionnaires, *where[:2], NOW).offers.values()
    assert (found.version, found.offered_at) == (2, NOW + DAY)


def count_audit(database: Database, kind: Event) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(AuditEntry.event == kind)) or 0


# ---- Rights ----------------------------------------------------------------------------------------------------------


RIGHTS: dict[str, tuple[str | None, str | None]] = {
    "coordinator of weak": (None, None),
    "lead of weak": (None, "NotAllowedError"),
    "contributor of weak": ("NotAllowedError", "NotAllowedError"),
    "coordinator of strong": ("NotFoundError", "NotFoundError"),
    "lead of strong": ("NotFoundError", "NotFoundError"),
    "coordinator of weakest": ("NotFoundError", "NotFoundError"),
    "analyst": ("NotFoundError", "NotFoundError"),
    "administrator": ("NotFoundError", "NotFoundError"),
}


@pytest.mark.parametrize("who", RIGHTS)
def test_coordinators_act_leads_read_and_to_others_nothing_is_there(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, who: str
) -> None:
    """Of the weak town, also for the strong one, which has a proposal in common with it."""
    actor, place = towns.everybody[who], towns["weak"].partnership
    here = database, questionnaires, actor, place
    reads = (
        lambda: exchange.get_exchange(*here, NOW),
        lambda: consenting.get_proposal(*here, proposal_id, NOW),
    )
    acts = (
        lambda: exchange.open_form(*here, ENABLER, Side.ASKING, NOW),
        lambda: exchange.ask(*here, ENABLER, draft(towns["weak"], "coaching"), 1, NOW),
        lambda: consenting.reply(*here, proposal_id, Reply.ACCEPT, NOW),
        lambda: exchange.take_back(database, actor, place, ENABLER, Side.ASKING, NOW),
    )
    assert {name_of_refusal(call) for call in reads} == {RIGHTS[who][0]}
    refusals = {name_of_refusal(call) for call in acts}
    if RIGHTS[who][1] is None:
        assert refusals == {None, "NotAllowedNowError"}  # who has changed the ask has ended the proposal
    else:
        assert refusals == {RIGHTS[who][1]}
        assert list_proposals(database) == [(proposal_id, S.PROPOSED)]


def test_a_lead_whose_organisation_did_not_submit_reads_nothing(
    database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    town = towns["weak"]
    with database.writing() as session:
        for table in (Snapshot, Assessment):
            rows = select(Assessment.id).where(Assessment.organisation_id == town.organisations[0])
            column = Snapshot.assessment_id if table is Snapshot else Assessment.id
            session.execute(delete(table).where(column.in_(rows)))
    assert (
        name_of_refusal(lambda: exchange.get_exchange(database, questionnaires, town.lead, town.partnership, NOW))
        == "NotAllowedNowError"
    )


# ---- Proposing -------------------------------------------------------------------------------------------------------


def test_saving_proposes_at_once_and_writes_to_the_coordinators_of_both_once(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, means: Means
) -> None:
    mails = list_mails(database)
    assert {(mail.kind, mail.to_address) for mail in mails} == {
        ("help-proposed", "coordinatorstrong@towns.example"),
        ("help-proposed", "coordinatorweak@towns.example"),
    }
    for mail in mails:
        other = "strong" if "weak" in mail.to_address else "weak"
        said = f"{mail.subject} {mail.body} {mail.path}"
        assert f"Place{other}" not in said
        assert str(towns[other].partnership) not in said
        assert towns[other].words not in said
    for _ in range(2):
        assert propose_help(means, NOW + DAY) == ""
    assert (len(list_mails(database)), list_proposals(database)) == (2, [(proposal_id, S.PROPOSED)])


def test_who_wants_no_reminders_gets_none(database: Database, questionnaires: Catalogue, towns: Towns) -> None:
    with database.writing() as session:
        session.execute(
            update(Person).where(Person.id == towns["weak"].coordinator.person_id).values(wants_reminders=False)
        )
    offer(database, questionnaires, towns["strong"])
    ask(database, questionnaires, towns["weak"])
    assert [mail.to_address for mail in list_mails(database)] == ["coordinatorstrong@towns.example"]


def test_the_job_runs_once_a_day_and_proposes_what_has_become_possible(
    database: Database, questionnaires: Catalogue, towns: Towns, means: Means
) -> None:
    (job,) = (each for each in JOBS if each.name == "exchange")
    assert (job.every, job.run) == (DAY, propose_help)
    coordinator = towns["strong"].coordinator.person_id
    offer(database, questionnaires, towns["strong"])
    with database.writing() as session:
        kept = session.execute(delete(Membership).where(Membership.person_id == coordinator).returning(Membership.id))
        kept.all()
    ask(database, questionnaires, towns["weak"])
    assert propose_help(means, NOW) == ""  # nobody is there to say yes
    with database.writing() as session:
        session.add(Membership(person_id=coordinator, role="coordinator", partnership_id=towns["strong"].partnership))
    assert propose_help(means, NOW) == "1 proposal made"


def test_workers_at_once_propose_once_and_within_the_caps(
    database: Database, questionnaires: Catalogue, means: Means
) -> None:
    names = [f"weak{number}" for number in range(5)]
    towns = make_towns(database, questionnaires, "strongone", "strongtwo", *names)
    for name in ("strongone", "strongtwo"):
        offer(database, questionnaires, towns[name], at_a_time=2)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: ask(database, questionnaires, towns[name]), names))
        list(pool.map(lambda _: propose_help(means, NOW), range(4)))
    with database.reading() as session:
        pairs = session.execute(select(HelpProposal.partnership_id, HelpProposal.offering_id)).all()
    assert len(set(pairs)) == len(pairs) == 4
    assert set(Counter(row.offering_id for row in pairs).values()) == {2}
    assert max(Counter(row.partnership_id for row in pairs).values()) <= MOST_PROPOSALS
    assert len(list_mails(database)) == 8


def test_the_more_alike_place_is_proposed_first(database: Database, questionnaires: Catalogue) -> None:
    towns = make_towns(
        database, questionnaires, "strongone", "strongtwo", "weak", kinds={"strongone": "county", "weak": "unitary"}
    )
    for name in ("strongone", "strongtwo"):
        offer(database, questionnaires, towns[name])
    ask(database, questionnaires, towns["weak"])
    with database.reading() as session:
        rows = session.scalars(select(HelpProposal.offering_id).order_by(HelpProposal.id)).all()
    assert rows == [towns["strongtwo"].partnership, towns["strongone"].partnership]


def test_what_has_nothing_in_common_any_more_ends(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    town = towns["weak"]
    where = town.coordinator, town.partnership, ENABLER
    assert exchange.ask(database, questionnaires, *where, draft(town, "coaching"), 1, NOW) == ()
    assert list_proposals(database) == [(proposal_id, S.ENDED)]
    assert exchange.ask(database, questionnaires, *where, draft(town, "visit"), 2, NOW) == ()
    assert [status for _, status in list_proposals(database)] == [S.ENDED, S.PROPOSED]


# ---- Yes on both sides -----------------------------------------------------------------------------------------------


SIDES = ("weak", "strong")


def other_than(name: str) -> str:
    return SIDES[name == SIDES[0]]


@pytest.mark.parametrize("first", SIDES)
def test_before_both_have_said_yes_neither_learns_who_the_other_is(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, first: str
) -> None:
    for said in (None, first):
        if said:
            say(database, questionnaires, towns[said], proposal_id, Reply.ACCEPT)
        for name in SIDES:
            town, other = towns[name], towns[other_than(name)]
            opened = see(database, questionnaires, town, proposal_id)
            assert opened.seen is not None
            assert (opened.seen.partner, opened.contacts, opened.shares_organisation) == ("", (), False)
            assert (opened.seen.place.area_kind, opened.seen.place.region) == ("unitary", "North")
            assert opened.seen.place.organisations == frozenset()
            assert (opened.seen.words, opened.seen.kinds) == (other.words, (HelpKind.VISIT,))
            assert opened.replies == ((Reply.DECLINE,) if said == name else (Reply.ACCEPT, Reply.DECLINE))


def test_with_the_second_yes_both_are_told_and_have_somebody_to_write_to(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    match(database, questionnaires, towns, proposal_id)
    assert list_proposals(database) == [(proposal_id, S.MATCHED)]
    for name in SIDES:
        other = towns[other_than(name)]
        for actor, replies in ((towns[name].coordinator, (Reply.END,)), (towns[name].lead, ())):
            opened = see(database, questionnaires, towns[name], proposal_id, actor)
            assert opened.seen is not None
            assert opened.seen.partner == f"Place{other.name}"
            contact = Contact(f"Coordinator{other.name}", f"coordinator{other.name}@towns.example")
            assert (opened.contacts, opened.replies) == ((contact,), replies)
    kinds = Counter(mail.kind for mail in list_mails(database))
    assert kinds == {"help-proposed": 2, "help-matched": 2}
    assert not [mail for mail in list_mails(database) if "Placestrong" in mail.body and "Placeweak" in mail.body]


def test_who_said_yes_is_the_contact_and_after_them_whoever_coordinates(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    second = new_id()
    with database.writing() as session:
        session.add(Person(id=second, name="Another", email="another@towns.example"))
        session.flush()
        session.add(Membership(person_id=second, role="coordinator", partnership_id=towns["strong"].partnership))
    match(database, questionnaires, towns, proposal_id)

    def list_contacts() -> list[str]:
        return [each.name for each in see(database, questionnaires, towns["weak"], proposal_id).contacts]

    assert list_contacts() == ["Coordinatorstrong"]
    gone = towns["strong"].coordinator.person_id
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == gone))
    assert list_contacts() == ["Another"]
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == second))
    assert list_contacts() == []


def test_that_an_organisation_is_in_both_is_told_with_the_names_and_not_before(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    with database.writing() as session:
        session.add(
            PartnershipOrganisation(
                partnership_id=towns["strong"].partnership, organisation_id=towns["weak"].organisations[0]
            )
        )
    assert not see(database, questionnaires, towns["weak"], proposal_id).shares_organisation
    match(database, questionnaires, towns, proposal_id)
    assert see(database, questionnaires, towns["weak"], proposal_id).shares_organisation


@pytest.mark.parametrize("who", SIDES)
def test_after_a_no_nothing_is_left_to_be_seen_and_nobody_is_told_whose_it_was(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, who: str
) -> None:
    say(database, questionnaires, towns[other_than(who)], proposal_id, Reply.ACCEPT)
    say(database, questionnaires, towns[who], proposal_id, Reply.DECLINE)
    say(database, questionnaires, towns[who], proposal_id, Reply.DECLINE)  # said twice
    for name in SIDES:
        opened = see(database, questionnaires, towns[name], proposal_id)
        assert (opened.seen, opened.replies, opened.contacts) == (None, (), ())
        with pytest.raises(NotAllowedNowError, match="is over, or has changed meanwhile"):
            say(database, questionnaires, towns[name], proposal_id, Reply.ACCEPT)
        found = exchange.get_exchange(database, questionnaires, towns[name].coordinator, towns[name].partnership, NOW)
        assert found.proposals == ()


def test_two_who_say_yes_at_once_are_matched_once(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: say(database, questionnaires, towns[name], proposal_id, Reply.ACCEPT), SIDES * 4))
    assert list_proposals(database) == [(proposal_id, S.MATCHED)]
    assert Counter(mail.kind for mail in list_mails(database))["help-matched"] == 2


# ---- The end of it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "side"), [("weak", Side.ASKING), ("strong", Side.OFFERING)])
@pytest.mark.parametrize("matched", [False, True])
def test_withdrawing_ends_everything_at_once(
    database: Database,
    questionnaires: Catalogue,
    towns: Towns,
    proposal_id: UUID,
    who: str,
    side: Side,
    matched: bool,  # noqa: FBT001
) -> None:
    if matched:
        match(database, questionnaires, towns, proposal_id)
    exchange.take_back(database, towns[who].coordinator, towns[who].partnership, ENABLER, side, NOW)
    assert list_proposals(database) == [(proposal_id, S.ENDED)]
    for name in SIDES:
        assert see(database, questionnaires, towns[name], proposal_id).seen is None


def test_a_withdrawal_needs_no_open_report(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    with database.writing() as session:
        session.execute(update(Round).values(closes_at=NOW + DAY))
    town = towns["weak"]
    exchange.take_back(database, town.coordinator, town.partnership, ENABLER, Side.ASKING, NOW)
    assert list_proposals(database) == [(proposal_id, S.ENDED)]


def test_a_match_ends_when_either_says_so_and_they_rest_for_a_year(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, means: Means
) -> None:
    match(database, questionnaires, towns, proposal_id)
    say(database, questionnaires, towns["strong"], proposal_id, Reply.END)
    assert list_proposals(database) == [(proposal_id, S.ENDED)]
    assert propose_help(means, NOW + REST - DAY) == ""
    assert propose_help(means, NOW + REST) == "1 proposal made"


def test_what_was_withdrawn_before_anybody_knew_can_come_again(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    town = towns["weak"]
    exchange.take_back(database, town.coordinator, town.partnership, ENABLER, Side.ASKING, NOW)
    where = town.coordinator, town.partnership, ENABLER
    assert exchange.ask(database, questionnaires, *where, draft(town), 1, NOW) == ()
    assert list_proposals(database)[0] == (proposal_id, S.ENDED)
    assert [status for _, status in list_proposals(database)[1:]] == [S.PROPOSED]


def test_what_waits_too_long_counts_as_declined_and_makes_room(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, means: Means
) -> None:
    ask(database, questionnaires, towns["weakest"])
    assert len(list_proposals(database)) == 1  # the offer helps one at a time
    say(database, questionnaires, towns["weak"], proposal_id, Reply.ACCEPT)
    assert propose_help(means, NOW + ANSWER_WITHIN - DAY) == ""
    assert propose_help(means, NOW + ANSWER_WITHIN) == "1 proposal made"
    with database.reading() as session:
        rows = session.execute(select(HelpProposal.partnership_id, HelpProposal.status).order_by(HelpProposal.id)).all()
    assert [tuple(row) for row in rows] == [
        (towns["weak"].partnership, S.DECLINED),
        (towns["weakest"].partnership, S.PROPOSED),
    ]


def add_newer_round(database: Database, questionnaires: Catalogue, towns: Towns, levels: dict[str, str]) -> UUID:
    questionnaire = questionnaires.get("local-partners", 1)
    newer = new_id()
    with database.writing() as session:
        session.add(
            Round(
                id=newer,
                title="Newer round",
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=NOW - 5 * DAY,
                closes_at=NOW - 1 * DAY,
                confirmed_at=NOW - 6 * DAY,
            )
        )
        session.flush()
        session.add_all(RoundPartnership(partnership_id=towns[name].partnership, round_id=newer) for name in levels)
    for name, level in levels.items():
        town = towns[name]
        world = World(town.partnership, newer, *town.organisations, town.lead, town.lead, town.lead, town.lead)
        for organisation in town.organisations:
            choices = {question.id: level for question in questionnaire.questions} if level else {}
            submit(database, world, questionnaire, newer, organisation, choices)
    return newer


NEWER: list[tuple[str, str, tuple[bool, bool], str]] = [
    (STRONG, WEAK, (True, True), S.PROPOSED),
    (WEAK, WEAK, (False, True), S.ENDED),
    (STRONG, STRONG, (True, False), S.ENDED),
    ("", "", (True, True), S.PROPOSED),
]


@pytest.mark.parametrize(("strong", "weak", "stand", "status"), NEWER)
def test_what_a_newer_report_does_not_bear_out_ends_and_without_a_score_it_stays(  # noqa: PLR0913, PLR0917
    database: Database,
    questionnaires: Catalogue,
    towns: Towns,
    proposal_id: UUID,
    means: Means,
    strong: str,
    weak: str,
    stand: tuple[bool, bool],
    status: str,
) -> None:
    newer = add_newer_round(database, questionnaires, towns, {"strong": strong, "weak": weak})
    propose_help(means, NOW)
    with database.reading() as session:
        offered = session.execute(select(OfferRow.ended_at, OfferRow.round_id)).one()
        asked = session.execute(select(HelpAsk.ended_at, HelpAsk.round_id)).one()
    assert (offered.ended_at is None, asked.ended_at is None) == stand
    if strong:
        assert {row.round_id for row in (offered, asked) if row.ended_at is None} == {newer}
    assert list_proposals(database) == [(proposal_id, status)]


def test_an_ask_that_is_renewed_tells_its_new_need(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, means: Means
) -> None:
    add_newer_round(database, questionnaires, towns, {"weak": "developing"})
    propose_help(means, NOW)
    with database.reading() as session:
        assert session.scalars(select(HelpAsk.need)).all() == ["under-target"]


# ---- What is left behind ---------------------------------------------------------------------------------------------


def test_both_chains_have_it_without_words_and_only_ones_own_names_who(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, tmp_path: object
) -> None:
    match(database, questionnaires, towns, proposal_id)
    say(database, questionnaires, towns["weak"], proposal_id, Reply.END)
    with database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.event.in_(UNLISTED)).order_by(AuditEntry.number)
        ).all()
    for name in SIDES:
        town = towns[name]
        chain = [entry for entry in entries if entry.partnership_id == town.partnership]
        assert Counter(entry.event for entry in chain) == {
            Event.HELP_PROPOSED: 1,
            Event.HELP_ANSWERED: 3,
            (Event.HELP_ASKED if name == "weak" else Event.HELP_OFFERED): 1,
        }
        assert {entry.actor_id for entry in chain} <= {None, town.coordinator.person_id}
        other = towns[other_than(name)]
        for entry in chain:
            said = f"{entry.subject} {entry.old_text} {entry.new_text}"
            assert "words" not in said
            assert str(other.partnership) not in said
    outside = Outside.of(tmp_path, database)  # type: ignore[arg-type]
    assert verifying.verify(database, outside).faults == ()


def test_the_page_of_the_audit_has_none_of_it(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    match(database, questionnaires, towns, proposal_id)
    assert UNLISTED.isdisjoint(SHOWN)
    for event in (None, *UNLISTED):
        found = reading_audit.read(database, towns.administrator, NOW, before=None, chain=None, event=event)
        assert not [entry for entry in found.entries if entry.event in UNLISTED]


@pytest.mark.parametrize("name", SIDES)
def test_the_export_of_a_coordinator_does_not_tell_who_the_other_is(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID, name: str
) -> None:
    say(database, questionnaires, towns[name], proposal_id, Reply.ACCEPT)
    text = "".join(privacy.export_own(database, towns[name].coordinator, NOW))
    other = towns[other_than(name)]
    assert len(json.loads(text)["help_proposals"]) == 1
    assert towns[name].words in text
    for secret in (other.partnership, other.name, other.words, other.coordinator.person_id):
        assert str(secret) not in text.replace(towns[name].words, ""), secret


def test_a_page_takes_few_statements(
    database: Database, questionnaires: Catalogue, towns: Towns, proposal_id: UUID
) -> None:
    for name, most in (("weakest", 5), ("weak", 13)):
        with counted_statements(database) as statements:
            exchange.get_exchange(database, questionnaires, towns[name].coordinator, towns[name].partnership, NOW)
        assert len(statements) <= most, statements
    assert {status for _, status in list_proposals(database)} <= LIVE


def test_a_moment_long_ago_is_a_moment_without_a_round(
    database: Database, questionnaires: Catalogue, towns: Towns
) -> None:
    early: datetime = NOW - 20 * DAY
    town = towns["weak"]
    with pytest.raises(NotAllowedNowError, match="begins when a round has closed"):
        exchange.get_exchange(database, questionnaires, town.coordinator, town.partnership, early)
