"""Create places, people, rounds and assessments."""

import sqlalchemy as sa
from alembic import op

revision = "0001_create_assessments"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create places, people, rounds and assessments."""
    op.create_table(
        "areas",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    op.create_table(
        "partnerships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnerships")),
        sa.UniqueConstraint("name", name=op.f("uq_partnerships_name")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_people_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("questionnaire_id", sa.String(length=80), nullable=False),
        sa.Column("questionnaire_version", sa.Integer(), nullable=False),
        sa.Column("questionnaire_hash", sa.String(length=80), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_rounds_opens_before_it_closes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("title", name=op.f("uq_rounds_title")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memberships_person_id"), ["person_id"], unique=False)

    op.create_table(
        "partnership_areas",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_partnership_areas_area_code_areas")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_partnership_areas_partnership_id_partnerships")
        ),
        sa.PrimaryKeyConstraint("partnership_id", "area_code", name=op.f("pk_partnership_areas")),
    )
    op.create_table(
        "partnership_organisations",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_partnership_organisations_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnerships.id"],
            name=op.f("fk_partnership_organisations_partnership_id_partnerships"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "organisation_id", name=op.f("pk_partnership_organisations")),
    )
    with op.batch_alter_table("partnership_organisations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partnership_organisations_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "round_partnerships",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_round_partnerships_partnership_id_partnerships")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_partnerships_round_id_rounds")),
        sa.PrimaryKeyConstraint("partnership_id", "round_id", name=op.f("pk_round_partnerships")),
    )
    with op.batch_alter_table("round_partnerships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_partnerships_round_id"), ["round_id"], unique=False)

    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_in_links_person_id_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_in_sessions_person_id_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_sessions")),
    )
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assessments",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.String(length=80), nullable=False),
        sa.Column("questionnaire_version", sa.Integer(), nullable=False),
        sa.Column("questionnaire_hash", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'in-progress') = (submitted_at IS NULL)", name=op.f("ck_assessments_submitted_has_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["partnership_organisations.partnership_id", "partnership_organisations.organisation_id"],
            name=op.f("fk_assessments_partnership_id_organisation_id_partnership_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_assessments_partnership_id_round_id_round_partnerships"),
        ),
        sa.ForeignKeyConstraint(["started_by"], ["people.id"], name=op.f("fk_assessments_started_by_people")),
        sa.ForeignKeyConstraint(["submitted_by"], ["people.id"], name=op.f("fk_assessments_submitted_by_people")),
        sa.PrimaryKeyConstraint("partnership_id", "id", name=op.f("pk_assessments")),
        sa.UniqueConstraint(
            "partnership_id",
            "round_id",
            "organisation_id",
            name=op.f("uq_assessments_partnership_id_round_id_organisation_id"),
        ),
    )
    op.create_table(
        "answer_versions",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_kind", sa.String(length=80), nullable=False),
        sa.Column("evidence_link", sa.String(length=2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_answer_versions_version_from_one")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_answer_versions_author_id_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_answer_versions_partnership_id_assessment_id_assessments"),
        ),
        sa.PrimaryKeyConstraint(
            "partnership_id", "assessment_id", "question_id", "version", name=op.f("pk_answer_versions")
        ),
    )
    op.create_table(
        "snapshots",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("questionnaire_hash", sa.String(length=80), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_snapshots_partnership_id_assessment_id_assessments"),
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["people.id"], name=op.f("fk_snapshots_submitted_by_people")),
        sa.PrimaryKeyConstraint("partnership_id", "assessment_id", "submission", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "frozen_enabler_scores",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("enabler_id", sa.String(length=80), nullable=False),
        sa.Column("score", sa.String(length=100), nullable=True),
        sa.Column("score_to_sort", sa.Float(), nullable=True),
        sa.Column("band", sa.String(length=80), nullable=True),
        sa.Column("coverage", sa.String(length=100), nullable=True),
        sa.Column("coverage_status", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id", "submission"],
            ["snapshots.partnership_id", "snapshots.assessment_id", "snapshots.submission"],
            name=op.f("fk_frozen_enabler_scores_partnership_id_assessment_id_submission_snapshots"),
        ),
        sa.PrimaryKeyConstraint(
            "partnership_id", "assessment_id", "submission", "enabler_id", name=op.f("pk_frozen_enabler_scores")
        ),
    )
    op.create_table(
        "frozen_question_scores",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("score", sa.String(length=100), nullable=True),
        sa.Column("score_to_sort", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id", "submission"],
            ["snapshots.partnership_id", "snapshots.assessment_id", "snapshots.submission"],
            name=op.f("fk_frozen_question_scores_partnership_id_assessment_id_submission_snapshots"),
        ),
        sa.PrimaryKeyConstraint(
            "partnership_id", "assessment_id", "submission", "question_id", name=op.f("pk_frozen_question_scores")
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("frozen_question_scores")
    op.drop_table("frozen_enabler_scores")
    op.drop_table("snapshots")
    op.drop_table("answer_versions")
    op.drop_table("assessments")
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_sessions_person_id"))

    op.drop_table("sign_in_sessions")
    op.drop_table("sign_in_links")
    with op.batch_alter_table("round_partnerships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_partnerships_round_id"))

    op.drop_table("round_partnerships")
    with op.batch_alter_table("partnership_organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnership_organisations_organisation_id"))

    op.drop_table("partnership_organisations")
    op.drop_table("partnership_areas")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_person_id"))
        batch_op.drop_index(batch_op.f("ix_memberships_organisation_id"))

    op.drop_table("memberships")
    op.drop_table("rounds")
    op.drop_table("people")
    op.drop_table("partnerships")
    op.drop_table("organisations")
    op.drop_table("areas")
