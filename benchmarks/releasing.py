"""What a release costs: deciding and auditing one of 400 partnerships, and grouping answers on PostgreSQL.

The first is bounded in seconds, as nobody else does the same job to compare with. The second reads the ballots of
100,000 assessments that were signed off (3,000,000 frozen scores), or of as many as `ENABLERS_BENCHMARK_ASSESSMENTS`
says, beside the same statement written by hand and read by the driver alone; the two take turns.
"""

import os
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy.engine import make_url

from app.catalogue import load
from app.disclosure.releases import build
from app.domain.questionnaire import Questionnaire
from app.domain.rounds import SignOff
from app.services import maintaining
from app.services.processes import shared
from app.store.database import Database
from app.store.releases import list_ballots
from tests.disclosure.plans import ORGANISATIONS, make_plan
from tests.postgres import running_postgresql

PARTNERSHIPS: Final = 400
MOST_SECONDS: Final = 60
MOST_TIMES: Final = 1.5
ROUNDS: Final = 3
CUTS: Final = {
    "area-type": ("county", "district", "mixed", "unitary"),
    "region": tuple(f"Region {number}" for number in range(1, 10)),
    "size": ("under-150k", "150k-to-300k", "over-300k"),
    "deprivation": tuple("12345"),
}
TWO_WAY: Final = (("area-type", "deprivation"), ("size", "region"))
ASSESSMENTS: Final = "ENABLERS_BENCHMARK_ASSESSMENTS"


def run() -> None:
    questionnaire = load(Path(__file__).parents[1] / "questionnaires").get("local-partners", 1)
    held = [decide(questionnaire), group(questionnaire, int(os.environ.get(ASSESSMENTS, "100000")))]
    if not all(held):
        raise SystemExit("A bound does not hold")


def decide(questionnaire: Questionnaire) -> bool:
    """Build a release of 400 partnerships with all cuts, two of them in two ways."""
    plan = make_plan(questionnaire, PARTNERSHIPS, CUTS, TWO_WAY)
    start = perf_counter()
    with shared(PARTNERSHIPS) as run:
        built = build(plan, run)
    seconds = perf_counter() - start
    cells = sum(len(table.cells) for table in built.content.tables.values())
    print(
        f"Release of {PARTNERSHIPS} partnerships, decided and audited: {seconds:.1f} s, at most {MOST_SECONDS}; "
        f"{cells:,} cells shown, {len(built.withheld):,} withheld or shown in part"
    )
    return seconds <= MOST_SECONDS


# ---- Grouping --------------------------------------------------------------------------------------------------------

BY_HAND: Final = """
SELECT s.partnership_id, s.question_id,
  count(*) FILTER (WHERE s.score = '0'), count(*) FILTER (WHERE s.score = '25'),
  count(*) FILTER (WHERE s.score = '50'), count(*) FILTER (WHERE s.score = '75'),
  count(*) FILTER (WHERE s.score = '100'), count(*) FILTER (WHERE s.state = 'dont-know'),
  count(*) FILTER (WHERE s.state = 'not-applicable'), count(*) FILTER (WHERE s.state = 'unanswered'),
  count(*) FILTER (WHERE s.state = 'hidden')
FROM frozen_question_scores s
JOIN (
  SELECT n.partnership_id, n.assessment_id, max(n.submission) AS submission
  FROM snapshots n JOIN assessments a ON a.partnership_id = n.partnership_id AND a.id = n.assessment_id
  WHERE a.round_id = %s AND a.status = 'signed-off' GROUP BY n.partnership_id, n.assessment_id
) l ON l.partnership_id = s.partnership_id AND l.assessment_id = s.assessment_id AND l.submission = s.submission
GROUP BY s.partnership_id, s.question_id ORDER BY s.partnership_id
"""
FILL: Final = """
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica;
INSERT INTO snapshots
SELECT {place}, {own}, 1, 'h', '', '', now(), '{nobody}'
FROM generate_series(0, {assessments} - 1) n;
INSERT INTO assessments (partnership_id, id, round_id, organisation_id, questionnaire_id, questionnaire_version,
  questionnaire_hash, status, started_at, started_by, submitted_at, submitted_by)
SELECT {place}, {own}, '{round}', {own}, 'q', 1, 'h',
  'signed-off', now(), '{nobody}', now(), '{nobody}'
FROM generate_series(0, {assessments} - 1) n;
ALTER TABLE frozen_question_scores DROP CONSTRAINT pk_frozen_question_scores;
INSERT INTO frozen_question_scores (partnership_id, assessment_id, submission, question_id, state, score, score_to_sort)
SELECT {place}, {own}, 1, q,
  CASE WHEN (n * 7 + ordinal * 13) % 17 = 0 THEN 'dont-know' ELSE 'scored' END,
  CASE WHEN (n * 7 + ordinal * 13) % 17 = 0 THEN NULL ELSE (25 * ((n * 7 + ordinal * 13) % 5))::text END, 0
FROM generate_series(0, {assessments} - 1) n, unnest('{{{questions}}}'::text[]) WITH ORDINALITY AS asked (q, ordinal);
ALTER TABLE frozen_question_scores ADD CONSTRAINT pk_frozen_question_scores
  PRIMARY KEY (partnership_id, assessment_id, submission, question_id);
SET session_replication_role = DEFAULT;
ANALYZE assessments;
ANALYZE snapshots;
ANALYZE frozen_question_scores
"""


def group(questionnaire: Questionnaire, assessments: int) -> bool:
    """Read the ballots of a round as the service does, and as somebody would by hand."""
    round_id = UUID(int=9)
    filling = FILL.format(
        place=f"lpad(to_hex(n / {ORGANISATIONS}), 32, '0')::uuid",
        own="lpad(to_hex(n), 32, '0')::uuid",
        nobody=UUID(int=0),
        assessments=assessments,
        round=round_id,
        questions=",".join(question.id for question in questionnaire.questions),
    )
    with running_postgresql() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("create database benchmark")
        url = make_url(server).set(database="benchmark")
        database = Database(url.render_as_string(hide_password=False))
        maintaining.upgrade(database)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in filling.split(";"):
                connection.execute(statement.encode())
        ours, theirs, by_hand, found = [], [], 0, 0
        for _ in range(ROUNDS):
            start = perf_counter()
            with psycopg.connect(plain) as connection:
                by_hand = len(connection.execute(BY_HAND, [round_id]).fetchall())
            theirs.append(perf_counter() - start)
            start = perf_counter()
            with database.reading() as session:
                found = sum(1 for _ in list_ballots(session, round_id, SignOff.CERTIFIER, questionnaire))
            ours.append(perf_counter() - start)
        database.close()
    ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"Ballots of {assessments:,} signed-off assessments in {found:,} partnerships: {median(ours):.1f} s, by hand "
        f"{median(theirs):.1f} s for {by_hand:,} rows; ratio {ratio:.2f}, at most {MOST_TIMES}"
    )
    return ratio <= MOST_TIMES
