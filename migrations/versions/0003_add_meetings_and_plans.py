"""Add meetings and agreed answers, ratings of trust, typed barriers, the plan and links to reports."""

import sqlalchemy as sa
from alembic import op

revision = "0003_add_meetings_and_plans"
down_revision = "0002_add_roles_rounds_and_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and what limits whom a coordinator brings in."""
    op.add_column("partnership_organisations", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("first_lead_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "meetings",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_meetings_partnership_id_round_id_round_partnerships"),
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_meetings_recorded_by_people")),
        sa.PrimaryKeyConstraint("partnership_id", "id", name=op.f("pk_meetings")),
    )
    op.create_table(
        "planned_actions",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("owner_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("learning_point", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_planned_actions_created_by_people")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisations.id"], name=op.f("fk_planned_actions_department_id_organisations")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_planned_actions_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "owner_organisation_id"],
            ["partnership_organisations.partnership_id", "partnership_organisations.organisation_id"],
            name=op.f("fk_planned_actions_partnership_id_owner_organisation_id_partnership_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_planned_actions_partnership_id_round_id_round_partnerships"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "id", name=op.f("pk_planned_actions")),
    )
    with op.batch_alter_table("planned_actions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_actions_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_planned_actions_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "report_links",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_report_links_created_by_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_report_links_partnership_id_round_id_round_partnerships"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "id", name=op.f("pk_report_links")),
        sa.UniqueConstraint("partnership_id", "token_hash", name=op.f("uq_report_links_partnership_id_token_hash")),
    )
    op.create_table(
        "action_notes",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "action_id"],
            ["planned_actions.partnership_id", "planned_actions.id"],
            name=op.f("fk_action_notes_partnership_id_action_id_planned_actions"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_action_notes_person_id_people")),
        sa.PrimaryKeyConstraint("partnership_id", "action_id", "number", name=op.f("pk_action_notes")),
    )
    op.create_table(
        "agreed_answers",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minority_view", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_agreed_answers_version_from_one")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_agreed_answers_partnership_id_meeting_id_meetings"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_agreed_answers_partnership_id_round_id_round_partnerships"),
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_agreed_answers_recorded_by_people")),
        sa.PrimaryKeyConstraint("partnership_id", "round_id", "question_id", "version", name=op.f("pk_agreed_answers")),
    )
    op.create_table(
        "meeting_organisations",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_meeting_organisations_partnership_id_meeting_id_meetings"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["partnership_organisations.partnership_id", "partnership_organisations.organisation_id"],
            name=op.f("fk_meeting_organisations_partnership_id_organisation_id_partnership_organisations"),
        ),
        sa.PrimaryKeyConstraint(
            "partnership_id", "meeting_id", "organisation_id", name=op.f("pk_meeting_organisations")
        ),
    )
    op.create_table(
        "trust_ratings",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("rated_by", sa.Uuid(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_trust_ratings_partnership_id_assessment_id_assessments"),
        ),
        sa.ForeignKeyConstraint(["rated_by"], ["people.id"], name=op.f("fk_trust_ratings_rated_by_people")),
        sa.PrimaryKeyConstraint("partnership_id", "assessment_id", "subject", name=op.f("pk_trust_ratings")),
    )
    op.create_table(
        "typed_barriers",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_typed_barriers_partnership_id_assessment_id_assessments"),
        ),
        sa.ForeignKeyConstraint(["said_by"], ["people.id"], name=op.f("fk_typed_barriers_said_by_people")),
        sa.PrimaryKeyConstraint(
            "partnership_id", "assessment_id", "question_id", "kind", name=op.f("pk_typed_barriers")
        ),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("typed_barriers")
    op.drop_table("trust_ratings")
    op.drop_table("meeting_organisations")
    op.drop_table("agreed_answers")
    op.drop_table("action_notes")
    op.drop_table("report_links")
    with op.batch_alter_table("planned_actions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_actions_owner_id"))
        batch_op.drop_index(batch_op.f("ix_planned_actions_department_id"))

    op.drop_table("planned_actions")
    op.drop_table("meetings")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_column("first_lead_only")
    with op.batch_alter_table("partnership_organisations", schema=None) as batch_op:
        batch_op.drop_column("joined_at")
