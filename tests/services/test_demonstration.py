"""The demonstration: complete, plausible in its shape, the same every time, and quickly made on either database."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from app.catalogue import Catalogue
from app.domain.access import Actor, Deed, Role
from app.domain.actions import CLOSED, FIRST, STEPS, ActionStatus, Kind
from app.domain.assessment import (
    Answer,
    AssessmentStatus,
    can_sign_off,
    check_answer,
    check_submit,
    find_unanswered,
)
from app.domain.barriers import find_asked
from app.domain.change import LITTLE
from app.domain.exchange import find_basis, find_standing, find_standings
from app.domain.gaps import make_gap_report
from app.domain.learning_marks import SHOWN_FROM, Item, ItemKind, has_item
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire
from app.domain.records import AssessmentKey
from app.domain.scoring import score, summarise_scores
from app.services import Database, asks, assessing, demonstration, overseeing, reporting, signing_in
from app.services.demonstration import Hat
from app.services.demonstration.calendar import UK, plan_departments, plan_draft, plan_earlier, plan_rounds
from app.services.demonstration.words import load_words
from app.services.together import make_report
from app.services.tokens import TokenKeys
from app.services.working.proposing import propose_help
from app.store import together as rounds_store
from app.store.models import Base
from tests.databases import sqlite_database
from tests.working import Postbag, make_means

NOW = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)

Table = list[dict[str, Any]]


def read_tables(database: Database) -> dict[str, Table]:
    with database.reading() as session:
        return {
            table.name: [dict(row._mapping) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture(scope="module")
def made(
    sqlite_template: Path, questionnaires: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    with sqlite_database(sqlite_template, tmp_path_factory.mktemp("demonstration")) as database:
        demonstration.populate(database, questionnaires, NOW)
        yield database


@pytest.fixture(scope="module")
def everything(made: Database) -> dict[str, Table]:
    return read_tables(made)


@pytest.fixture(scope="module")
def tables(everything: dict[str, Table]) -> dict[str, Table]:
    """All about places: without the standing partnership of departments, and those who are in it alone."""
    places = {row["partnership_id"] for row in everything["partnership_areas"]}
    alone = set(load_words().departments.departments)
    left_out = {row["id"] for row in everything["partnerships"] if row["id"] not in places}
    left_out |= {row["id"] for row in everything["organisations"] if row["name"] in alone}
    left_out |= {row["id"] for row in everything["rounds"] if row["questionnaire_id"] == "departments"}
    left_out |= {row["person_id"] for row in everything["memberships"] if row["organisation_id"] in left_out}
    keys = ("id", "partnership_id", "organisation_id", "person_id", "round_id")
    return {
        name: [row for row in rows if left_out.isdisjoint(row.get(key) for key in keys)]
        for name, rows in everything.items()
    }


@pytest.fixture(scope="module")
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get(demonstration.QUESTIONNAIRE)


@pytest.fixture(scope="module")
def hats(made: Database) -> dict[str, Hat]:
    return {hat.what.partition(",")[0]: hat for hat in demonstration.list_hats(made)}


def find_actor(made: Database, hat: Hat) -> Actor:
    keys = TokenKeys()
    actor = signing_in.find_actor(made, signing_in.step_in(made, hat.person_id, NOW, keys), NOW, keys)
    assert actor is not None
    return actor


def find_rounds(tables: dict[str, Table]) -> list[dict[str, Any]]:
    """Give the rounds of places in their order: the earlier one, the closed one, the open one and the draft."""
    return sorted(tables["rounds"], key=lambda row: row["opens_at"])


def find_newest_release(tables: dict[str, Table]) -> dict[str, Any]:
    """Give the release of the closed round; another is of the one before."""
    return max(tables["releases"], key=lambda row: row["publishes_at"])


def current_answers(tables: dict[str, Table]) -> dict[Any, dict[str, Answer]]:
    found: defaultdict[Any, dict[str, Answer]] = defaultdict(dict)
    for row in tables["answer_versions"]:  # in the order of versions
        parts = ("choice", "reason", "note", "evidence_kind", "evidence_link")
        found[row["assessment_id"]][row["question_id"]] = Answer(**{part: row[part] for part in parts})
    return found


# ---- Who is there ----------------------------------------------------------------------------------------------------


def test_forty_partnerships_have_four_to_eight_organisations_each(tables: dict[str, Table]) -> None:
    sizes = Counter(row["partnership_id"] for row in tables["partnership_organisations"])
    assert len(tables["partnerships"]) == len(sizes) == 40
    assert set(sizes.values()) == {4, 5, 6, 7, 8}


def test_footprints_have_one_to_three_areas_and_some_overlap(tables: dict[str, Table]) -> None:
    sizes = Counter(row["partnership_id"] for row in tables["partnership_areas"])
    assert set(sizes.values()) == {1, 2, 3}
    assert len(sizes) == 40
    shared = Counter(row["area_code"] for row in tables["partnership_areas"])
    assert sum(count > 1 for count in shared.values()) >= 5


def test_a_dozen_departments_have_answered_in_a_standing_partnership_without_areas(
    everything: dict[str, Table], questionnaires: Catalogue
) -> None:
    places = {row["partnership_id"] for row in everything["partnership_areas"]}
    (standing,) = (row["id"] for row in everything["partnerships"] if row["id"] not in places)
    (asked,) = (row for row in everything["rounds"] if row["questionnaire_id"] == "departments")
    released = find_newest_release(everything)["publishes_at"]
    assert asked["opens_at"] < asked["closes_at"] < released
    assert {row["round_id"] for row in everything["round_partnerships"] if row["partnership_id"] == standing} == {
        asked["id"]
    }
    departments = {row["id"]: row["name"] for row in everything["organisations"] if row["kind"] == "department"}
    assert len(departments) == 12
    assert all(name.endswith("(invented)") for name in departments.values())
    submitted = [row for row in everything["assessments"] if row["round_id"] == asked["id"]]
    assert {row["organisation_id"] for row in submitted} == departments.keys()
    assert {row["organisation_id"] for row in submitted} == {
        row["organisation_id"] for row in everything["partnership_organisations"] if row["partnership_id"] == standing
    }
    questionnaire = questionnaires.get("departments")
    answers = current_answers(everything)
    snapshots = {row["assessment_id"]: row for row in everything["snapshots"]}
    for row in submitted:
        assert asked["opens_at"] < row["started_at"] < row["submitted_at"] < asked["closes_at"]
        check_submit(questionnaire, answers[row["id"]], AssessmentStatus.IN_PROGRESS)
        stored = json.loads(snapshots[row["id"]]["scores"])
        assert stored == summarise_scores(score(questionnaire, answers[row["id"]]))
    people = Counter(row["name"] for row in everything["people"])
    assert set(people.values()) == {1}


def test_the_release_of_the_closed_round_has_a_mirror_in_which_both_sides_are_shown(
    everything: dict[str, Table],
) -> None:
    rows = json.loads(find_newest_release(everything)["content"])["mirror"]["rows"]
    assert len(rows) == 9
    apart = [
        abs(row["departments_say"]["mean"] - row["places_say"]["mean"])
        for row in rows
        if row["departments_say"] and row["places_say"]
    ]
    assert len(apart) >= 8
    assert min(apart) < LITTLE
    assert max(apart) >= 3 * LITTLE


def test_the_release_of_the_closed_round_tells_the_change_since_the_one_before(everything: dict[str, Table]) -> None:
    """Of those that took part in both, and what those that joined say; nobody has left."""
    first, _ = sorted(everything["releases"], key=lambda row: row["publishes_at"])
    content = json.loads(find_newest_release(everything)["content"])
    assert content["before"] == "Autumn round 2025"
    before = json.loads(first["content"])
    assert (before["before"], before["reach"]["partnerships"]) == ("", 26)
    enablers = {name: table for name, table in content["tables"].items() if name.startswith("enabler:")}
    changes = {name: table["change"]["change"] for name, table in enablers.items()}
    assert len(changes) == 5
    assert {table["change"]["count"] for table in enablers.values()} == {26}
    assert {table["cells"]["standing|joiners"]["count"] for table in enablers.values()} == {14}
    assert min(changes.values()) < 0
    assert max(changes.values()) >= LITTLE
    assert any(0 < change < LITTLE for change in changes.values())


def test_some_took_part_in_the_earlier_round_and_the_showcase_joined_later(
    tables: dict[str, Table],
) -> None:
    earlier, *_ = (row["id"] for row in find_rounds(tables))
    took_part = {row["partnership_id"] for row in tables["round_partnerships"] if row["round_id"] == earlier}
    assessments = [row for row in tables["assessments"] if row["round_id"] == earlier]
    assert len(took_part) == 26
    assert {row["partnership_id"] for row in assessments} == took_part
    assert sum(row["status"] == "submitted" for row in assessments) / len(assessments) > 0.9
    showcase = next(row["id"] for row in tables["partnerships"] if row["name"] == load_words().people.showcase)
    assert showcase not in took_part  # whoever steps in there finds one round that is open and one that is closed


def test_the_release_of_the_closed_round_tells_common_barriers_and_asks(
    everything: dict[str, Table], questionnaires: Catalogue
) -> None:
    content = json.loads(find_newest_release(everything)["content"])
    barriers, asks = dict(content["barriers"]), dict(content["asks"])
    assert len(barriers) >= 15
    assert min(barriers.values()) < 15
    assert 25 <= max(barriers.values()) <= 30
    framework = questionnaires.get(demonstration.QUESTIONNAIRE).framework
    assert {name.partition("/")[0] for name in barriers} == set(framework.enabler_ids)
    assert asks.keys() == {"Department for Places (invented)", "Department for Markets (invented)"}
    assert all(10 <= count <= 30 for count in asks.values())


def test_no_area_has_a_code_of_a_real_nation(tables: dict[str, Table]) -> None:
    assert {row["code"][0] for row in tables["areas"]} == {"X"}
    assert {row["kind"] for row in tables["areas"]} == {"unitary", "district", "county"}
    assert len(tables["areas"]) == 45


def test_every_organisation_belongs_to_a_partnership_and_has_somebody(tables: dict[str, Table]) -> None:
    organisations = {row["id"] for row in tables["organisations"] if row["kind"] != "department"}
    assert {row["organisation_id"] for row in tables["partnership_organisations"]} == organisations
    department = {row["id"] for row in tables["organisations"]} - organisations
    leads = Counter(row["organisation_id"] for row in tables["memberships"] if row["role"] == Role.LEAD)
    assert len(department) == 1
    assert set(leads) == organisations | department
    assert set(leads.values()) == {1, 2}
    assert {row["organisation_id"] for row in tables["memberships"] if row["role"] == Role.CERTIFIER} == organisations


def test_partnerships_plan_in_all_states_with_their_own_people_and_some_is_overdue(tables: dict[str, Table]) -> None:
    """What the closed round led to: actions about its gaps, and asks of the department."""
    actions = tables["planned_actions"]
    _, closed, _, _ = find_rounds(tables)
    assert {row["round_id"] for row in actions} == {closed["id"]}
    assert len({row["partnership_id"] for row in actions}) >= 38
    assert {row["status"] for row in actions} == set(ActionStatus)
    assert 40 <= sum(row["department_id"] is not None for row in actions) <= 60
    assert len({row["department_id"] for row in actions} - {None}) == 2
    still = [row for row in actions if row["status"] not in CLOSED]
    assert 0.1 < sum(row["due_on"] < NOW.date() for row in still) / len(still) < 0.9
    roles = {(row["organisation_id"], row["person_id"]) for row in tables["memberships"]}
    assert {(row["owner_organisation_id"], row["owner_id"]) for row in actions} <= roles


def test_the_notes_on_an_action_lead_to_its_status_by_steps_that_there_are(everything: dict[str, Table]) -> None:
    notes = defaultdict(list)
    for row in everything["action_notes"]:  # in the order of numbers
        notes[row["action_id"]].append(row)
    for action in everything["planned_actions"]:
        kind = Kind.ASK if action["department_id"] else Kind.ACTION
        there = FIRST[kind]
        moment = action["created_at"]
        for note in notes[action["id"]]:
            step = next(each for each in STEPS[kind] if (each.start, each.end) == (there, note["status"]))
            assert note["text"] or not step.needs_words
            assert moment < note["noted_at"] < NOW
            there, moment = step.end, note["noted_at"]
        assert there == action["status"]


def test_every_partnership_has_a_coordinator_and_every_role_somebody(tables: dict[str, Table]) -> None:
    coordinated = Counter(row["partnership_id"] for row in tables["memberships"] if row["role"] == Role.COORDINATOR)
    assert coordinated == dict.fromkeys((row["id"] for row in tables["partnerships"]), 1)
    assert {row["role"] for row in tables["memberships"]} == set(Role) - {Role.API_CLIENT}


def test_some_organisations_belong_to_several_partnerships(tables: dict[str, Table]) -> None:
    kinds = {row["id"]: row["kind"] for row in tables["organisations"]}
    memberships = Counter(row["organisation_id"] for row in tables["partnership_organisations"])
    assert max(count for body, count in memberships.items() if kinds[body] == "police") >= 3
    assert set(kinds.values()) == {*load_words().views.kinds, "department"}


def test_all_addresses_belong_to_nobody(tables: dict[str, Table]) -> None:
    assert all(row["email"].endswith(".example") and row["email"].isascii() for row in tables["people"])
    links = [row["evidence_link"] for row in tables["answer_versions"] if row["evidence_link"]]
    assert links
    assert all(link.startswith("https://") and link.split("/")[2].endswith(".example") for link in links)


# ---- Rounds and how far they have come -------------------------------------------------------------------------------


def test_one_round_is_closed_and_one_is_open(tables: dict[str, Table], questionnaire: Questionnaire) -> None:
    earlier, closed, opened, draft = find_rounds(tables)
    assert earlier["closes_at"] < closed["opens_at"] - timedelta(days=100)
    assert draft["confirmed_at"] is None
    assert draft["opens_at"] > opened["closes_at"]
    assert closed["closes_at"] < NOW - timedelta(days=100)
    assert opened["opens_at"] < NOW < opened["closes_at"]
    titles = [row["title"] for row in (earlier, closed, opened)]
    assert titles == ["Autumn round 2025", "Spring round 2026", "Autumn round 2026"]
    assert {row["questionnaire_hash"] for row in (earlier, closed, opened)} == {questionnaire.hash}


def test_no_two_rounds_share_a_title_whatever_the_day() -> None:
    others = plan_earlier, plan_departments, plan_draft
    for day in range(366):
        now = NOW + timedelta(days=day)
        titles = [each.title for each in (*plan_rounds(now), *(plan(now) for plan in others))]
        assert len(set(titles)) == len(titles), now


@pytest.mark.parametrize("month", range(1, 13))
def test_rounds_close_a_minute_before_midnight_in_the_uk_whatever_the_season(month: int) -> None:
    plans = plan_rounds(datetime(2027, month, 28, 23, 30, tzinfo=UTC))
    assert {plan.closes_at.astimezone(UK).strftime("%H:%M") for plan in plans} == {"23:59"}
    assert plans[0].title != plans[1].title


def test_most_of_the_closed_round_and_a_third_of_the_open_one_is_submitted(tables: dict[str, Table]) -> None:
    _, closed, opened, _ = (row["id"] for row in find_rounds(tables))
    invited = len(tables["partnership_organisations"])
    counts = Counter((row["round_id"], row["status"]) for row in tables["assessments"])
    assert 0.88 <= counts[closed, "submitted"] / invited <= 0.96
    assert counts[closed, "in-progress"] > 0
    assert invited - counts[closed, "submitted"] - counts[closed, "in-progress"] > 0
    done = counts[opened, "submitted"] + counts[opened, "signed-off"]
    for count in (done, counts[opened, "in-progress"]):
        assert 0.25 <= count / invited <= 0.42
    assert 0.5 <= counts[opened, "signed-off"] / done <= 0.85


def test_everything_happens_within_its_round_and_before_now(tables: dict[str, Table]) -> None:
    rounds = {row["id"]: row for row in tables["rounds"]}
    answered = defaultdict(list)
    for row in tables["answer_versions"]:
        answered[row["assessment_id"]].append(row["answered_at"])
    for row in tables["assessments"]:
        window = rounds[row["round_id"]]
        end = min(window["closes_at"], NOW)
        moments = [row["started_at"], *sorted(answered[row["id"]]), row["submitted_at"] or end]
        assert window["opens_at"] <= moments[0]
        assert moments == sorted(moments)
        assert moments[-1] <= end


# ---- Answers ---------------------------------------------------------------------------------------------------------


def test_every_answer_is_one_its_question_can_take(tables: dict[str, Table], questionnaire: Questionnaire) -> None:
    for answers in current_answers(tables).values():
        for question, answer in answers.items():
            check_answer(questionnaire, questionnaire.questions_by_id[question], answer)


def test_what_was_submitted_could_be_and_what_was_frozen_is_what_the_rule_says(
    tables: dict[str, Table], questionnaire: Questionnaire
) -> None:
    answers = current_answers(tables)
    frozen = {row["assessment_id"]: row for row in tables["snapshots"]}
    enablers = {(row["assessment_id"], row["enabler_id"]): row for row in tables["frozen_enabler_scores"]}
    questions = {(row["assessment_id"], row["question_id"]): row for row in tables["frozen_question_scores"]}
    for row in tables["assessments"]:
        given = answers[row["id"]]
        if row["status"] == AssessmentStatus.IN_PROGRESS:
            assert row["id"] not in frozen
            continue
        check_submit(questionnaire, given, AssessmentStatus.IN_PROGRESS)
        scores = summarise_scores(score(questionnaire, given))
        snapshot = frozen[row["id"]]
        assert json.loads(snapshot["scores"]) == scores
        assert {question: Answer(**parts) for question, parts in json.loads(snapshot["answers"]).items()} == given
        for enabler, expected in scores["enablers"].items():
            assert {part: enablers[row["id"], enabler][part] for part in expected} == expected
        for question, expected in scores["questions"].items():
            assert {part: questions[row["id"], question][part] for part in expected} == expected


def test_every_band_occurs_in_every_enabler_and_money_and_trust_are_weaker(tables: dict[str, Table]) -> None:
    bands: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    values: defaultdict[str, list[float]] = defaultdict(list)
    for row in tables["frozen_enabler_scores"]:
        bands[row["enabler_id"]][row["band"]] += 1
        if row["score_to_sort"] is not None:
            values[row["enabler_id"]].append(row["score_to_sort"])
    for counts in bands.values():
        assert {"not-in-place", "emerging", "partly-in-place", "in-place"} <= set(counts)
    means = sorted(values, key=lambda enabler: sum(values[enabler]) / len(values[enabler]))
    assert set(means[:2]) == {"securing-funding", "trusting-relationships"}


def test_every_level_dont_know_and_not_applicable_occur(tables: dict[str, Table]) -> None:
    choices = Counter(row["choice"] for row in tables["answer_versions"])
    assert set(choices) == {"not-started", "early", "developing", "established", "embedded", DONT_KNOW, NOT_APPLICABLE}
    assert choices["developing"] == max(choices.values())


def test_some_answers_were_changed_by_a_colleague(tables: dict[str, Table]) -> None:
    authors = {(row["assessment_id"], row["question_id"], row["version"]): row for row in tables["answer_versions"]}
    second = [row for row in tables["answer_versions"] if row["version"] == 2]
    assert max(row["version"] for row in tables["answer_versions"]) == 2
    assert any(row["author_id"] != authors[row["assessment_id"], row["question_id"], 1]["author_id"] for row in second)


# ---- What stands in the way ------------------------------------------------------------------------------------------


def test_most_gaps_of_the_closed_round_and_nothing_else_have_something_in_their_way(
    tables: dict[str, Table], questionnaire: Questionnaire, questionnaires: Catalogue
) -> None:
    barriers = questionnaires.barriers_of(questionnaire.framework.id)
    assert barriers is not None
    _, closed, _, _ = (row["id"] for row in find_rounds(tables))
    submitted = {row["id"]: row for row in tables["assessments"] if row["round_id"] == closed and row["submitted_at"]}
    answers = current_answers(tables)
    gaps = {(each, gap.question.id) for each in submitted for gap in make_gap_report(questionnaire, answers[each]).gaps}
    said: defaultdict[tuple[object, str], set[str]] = defaultdict(set)
    for row in tables["typed_barriers"]:
        said[row["assessment_id"], row["question_id"]].add(row["kind"])
        assert submitted[row["assessment_id"]]["submitted_at"] < row["said_at"] < NOW
        asked = find_asked(barriers, questionnaire, row["question_id"])
        assert asked is not None
        assert row["kind"] in {kind.id for kind in asked.kinds}
    assert said.keys() <= gaps
    assert 0.5 <= len(said) / len(gaps) <= 0.7
    assert {len(kinds) for kinds in said.values()} == {1, 2}
    assert set.union(*said.values()) == set(barriers.kinds_by_id)


# ---- Notes -----------------------------------------------------------------------------------------------------------


def test_notes_are_many_various_and_not_long(tables: dict[str, Table]) -> None:
    earlier, *_ = (row["id"] for row in find_rounds(tables))
    older = {row["id"] for row in tables["assessments"] if row["round_id"] == earlier}
    notes = Counter(row["note"] for row in tables["answer_versions"] if row["note"])
    newer = [row for row in tables["answer_versions"] if row["assessment_id"] not in older]
    assert 0.3 <= sum(bool(row["note"]) for row in newer) / len(newer) <= 0.42
    assert len(notes) > 3_500
    assert max(notes.values()) <= 2
    words = [len(note.split()) for note in notes]
    assert max(words) <= 35
    assert sum(count >= 8 for count in words) / len(words) > 0.95


def test_no_word_in_braces_is_left_and_every_text_begins_with_a_capital(tables: dict[str, Table]) -> None:
    texts = [text for row in tables["answer_versions"] for text in (row["note"], row["reason"]) if text]
    assert not [text for text in texts if set(text) & set("{}[]|") or text[0].islower() or "  " in text]
    assert not [text for text in texts if text.startswith("(")]


def test_there_are_words_for_every_question_and_level(questionnaire: Questionnaire) -> None:
    words = load_words()
    assert set(words.notes) == set(questionnaire.questions_by_id)
    for question in questionnaire.questions:
        levels = words.notes[question.id].levels
        assert set(levels) == set(range(len(questionnaire.scale_of(question).levels)))
        assert all(len(templates) >= 3 for templates in levels.values())
        assert bool(words.views.reasons.get(question.id)) == question.not_applicable


# ---- Learning from others --------------------------------------------------------------------------------------------


def test_what_is_offered_and_asked_is_borne_out_by_the_reports_and_within_the_caps(
    made: Database, questionnaires: Catalogue, tables: dict[str, Table]
) -> None:
    for table in ("help_offers", "help_asks"):
        assert len(tables[table]) == 4
        for row in tables[table]:
            with made.reading() as session:
                rounds = rounds_store.list_rounds(session, row["partnership_id"])
            basis = find_basis(rounds, NOW)
            assert basis is not None
            standing = find_standing(
                find_standings(make_report(questionnaires, basis, rounds).settled), row["enabler_id"]
            )
            assert standing is not None
            assert row["round_id"] == basis.round_id
            assert standing.is_strong if table == "help_offers" else standing.need == row["need"]
    statuses = Counter(row["status"] for row in tables["help_proposals"])
    assert statuses == {"proposed": 1, "matched": 1}
    words = [row["words"] for row in (*tables["help_offers"], *tables["help_asks"])]
    places = {row["name"] for row in tables["areas"]}
    assert not [text for text in words if places & set(re.findall(r"\w+", text))]


def test_the_job_of_the_day_adds_what_goes_together_and_takes_nothing_away(
    database: Database, questionnaires: Catalogue
) -> None:
    demonstration.populate(database, questionnaires, NOW)
    assert propose_help(make_means(database, questionnaires, Postbag()), NOW) == "1 proposal made"
    assert Counter(row["status"] for row in read_tables(database)["help_proposals"]) == {"proposed": 2, "matched": 1}


def test_some_of_the_learning_library_helped_enough_organisations_to_be_told(
    tables: dict[str, Table], questionnaires: Catalogue
) -> None:
    library = questionnaires.learning_of("reform-enablers")
    assert library is not None
    helpful = Counter((row["kind"], row["item_id"]) for row in tables["learning_marks"] if row["mark"] == "helpful")
    shown = [item for item, number in helpful.items() if number >= SHOWN_FROM]
    assert 5 <= len(shown) <= len(library.points) // 2
    assert all(has_item(library, Item(ItemKind(row["kind"]), row["item_id"])) for row in tables["learning_marks"])
    assert all(row["marked_at"] < NOW for row in tables["learning_marks"])


# ---- Hats ------------------------------------------------------------------------------------------------------------


def test_one_of_each_hat_is_offered(hats: dict[str, Hat]) -> None:
    assert [*hats] == [
        "Council officer",
        "Council officer’s colleague",
        "NHS manager",
        "Charity lead",
        "Council finance analyst",
        "NHS board member",
        "Partnership coordinator",
        "Department official",
        "Central analyst",
        "Central administrator",
    ]
    assert all(hat.suggestion for hat in hats.values())


def test_each_hat_finds_what_it_is_told(made: Database, questionnaires: Catalogue, hats: dict[str, Hat]) -> None:
    standings = {}
    for what, hat in hats.items():
        actor = find_actor(made, hat)
        if what.startswith("Central"):
            progress = overseeing.list_rounds(made, actor, NOW)
            assert sorted(each.partnerships for each in progress) == [1, 26, 40, 40]
            continue
        if what == "Department official":
            found = asks.list_asks(made, questionnaires, actor, NOW)
            assert {ask.status for ask in found.asks} >= {
                ActionStatus.SENT,
                ActionStatus.ACCEPTED,
                ActionStatus.DECLINED,
            }
            continue
        if what == "Partnership coordinator":
            assert len(actor.list_partnerships(Deed.FOLLOW_PARTNERSHIP)) == 1
            assert assessing.list_assessments(made, actor) == ()
            continue
        opened, closed = assessing.list_assessments(made, actor)
        assert opened.partnership == closed.partnership == "Larkminster Together"
        assert closed.assessment_id is not None
        key = AssessmentKey(closed.partnership_id, closed.assessment_id)
        assert reporting.get_report(made, questionnaires, actor, key).report.gaps
        standings[what] = opened
    manager = standings["NHS manager"]
    assert manager.status is AssessmentStatus.SUBMITTED
    assert standings["NHS board member"] == manager
    assert can_sign_off(manager.sign_off, manager.submitted_by_id, hats["NHS board member"].person_id)
    assert standings["Council finance analyst"] == standings["Council officer"]
    assert standings["Charity lead"].assessment_id is None
    assert standings["Council officer"] == standings["Council officer’s colleague"]
    assert standings["Council officer"].status is AssessmentStatus.IN_PROGRESS


def test_the_council_officer_has_answered_twelve_of_thirty(
    made: Database, questionnaires: Catalogue, hats: dict[str, Hat]
) -> None:
    actor = find_actor(made, hats["Council officer"])
    record = assessing.list_assessments(made, actor)[0]
    assert record.assessment_id is not None
    key = AssessmentKey(record.partnership_id, record.assessment_id)
    assessment = assessing.get_assessment(made, questionnaires, actor, key)
    assert len(assessment.answers) == 12
    assert len(find_unanswered(assessment.questionnaire, assessment.answers)) == 18


# ---- Made once, alike, and in few statements -------------------------------------------------------------------------


def test_two_made_at_the_same_moment_are_equal_on_either_database(
    database: Database, questionnaires: Catalogue, everything: dict[str, Table]
) -> None:
    assert demonstration.list_hats(database) == ()
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    demonstration.populate(database, questionnaires, NOW)
    assert len(statements) <= 100
    for name, rows in read_tables(database).items():
        if name not in {"sign_in_sessions", "alembic_version"}:
            assert rows == everything[name], name


def test_made_again_nothing_changes(database: Database, questionnaires: Catalogue) -> None:
    demonstration.populate(database, questionnaires, NOW)
    before = read_tables(database)
    demonstration.populate(database, questionnaires, NOW + timedelta(days=1))
    assert read_tables(database) == before


def test_two_who_make_it_at_once_make_one(database: Database, questionnaires: Catalogue) -> None:
    with ThreadPoolExecutor(2) as pool:
        later = (NOW, NOW + timedelta(hours=1))
        assert [*pool.map(lambda now: demonstration.populate(database, questionnaires, now), later)] == [None, None]
    assert len(read_tables(database)["partnerships"]) == 41
