"""Add roles in partnerships, the life of assessments, invitations, mail and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0002_add_roles_rounds_and_mail"
down_revision = "0001_create_assessments"
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one table after another
    """Add them; what was submitted before gets its move, and rounds that were there count as confirmed."""
    op.create_table(
        "attempts",
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key_hash", "since", name=op.f("pk_attempts")),
    )
    op.create_table(
        "audit_chains",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("partnership_id", name=op.f("pk_audit_chains")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=True),
        sa.Column("old_salt", sa.String(length=64), nullable=True),
        sa.Column("old_digest", sa.String(length=64), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=True),
        sa.Column("new_salt", sa.String(length=64), nullable=True),
        sa.Column("new_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("partnership_id", "number", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_done_at"), ["done_at"], unique=False)

    op.create_table(
        "area_successors",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("successor_code", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["areas.code"], name=op.f("fk_area_successors_code_areas")),
        sa.ForeignKeyConstraint(
            ["successor_code"], ["areas.code"], name=op.f("fk_area_successors_successor_code_areas")
        ),
        sa.PrimaryKeyConstraint("code", "successor_code", name=op.f("pk_area_successors")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("partnership_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["people.id"], name=op.f("fk_invitations_accepted_by_people")),
        sa.ForeignKeyConstraint(["invited_by"], ["people.id"], name=op.f("fk_invitations_invited_by_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_invitations_partnership_id_partnerships")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=2000), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mails_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mails_send_after"), ["send_after"], unique=False)

    op.create_table(
        "service_texts",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_service_texts_changed_by_people")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_service_texts")),
    )
    op.create_table(
        "unsaved_forms",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_unsaved_forms_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "path", name=op.f("pk_unsaved_forms")),
    )
    op.create_table(
        "late_entries",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("permitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("permitted_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["partnership_organisations.partnership_id", "partnership_organisations.organisation_id"],
            name=op.f("fk_late_entries_partnership_id_organisation_id_partnership_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_late_entries_partnership_id_round_id_round_partnerships"),
        ),
        sa.ForeignKeyConstraint(["permitted_by"], ["people.id"], name=op.f("fk_late_entries_permitted_by_people")),
        sa.PrimaryKeyConstraint("partnership_id", "round_id", "organisation_id", name=op.f("pk_late_entries")),
    )
    op.create_table(
        "assessment_moves",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_assessment_moves_partnership_id_assessment_id_assessments"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_assessment_moves_person_id_people")),
        sa.PrimaryKeyConstraint("partnership_id", "assessment_id", "number", name=op.f("pk_assessment_moves")),
    )
    op.create_table(
        "comments",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_comments_author_id_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_comments_partnership_id_assessment_id_assessments"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "assessment_id", "id", name=op.f("pk_comments")),
    )
    op.create_table(
        "evidence_files",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name=op.f("fk_evidence_files_added_by_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_evidence_files_partnership_id_assessment_id_assessments"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "assessment_id", "id", name=op.f("pk_evidence_files")),
    )
    op.create_table(
        "given_sections",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_given_sections_given_by_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "assessment_id"],
            ["assessments.partnership_id", "assessments.id"],
            name=op.f("fk_given_sections_partnership_id_assessment_id_assessments"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_given_sections_person_id_people")),
        sa.PrimaryKeyConstraint("partnership_id", "assessment_id", "section_id", name=op.f("pk_given_sections")),
    )
    with op.batch_alter_table("given_sections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_sections_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("answer_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carried_from", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_answer_versions_partnership_id_carried_from_assessments"),
            "assessments",
            ["partnership_id", "carried_from"],
            ["partnership_id", "id"],
        )

    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_to", sa.Date(), nullable=True))

    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("signed_off_by", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_assessments_signed_off_by_people"), "people", ["signed_off_by"], ["id"]
        )

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partnership_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_memberships_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_memberships_partnership_id_partnerships"), "partnerships", ["partnership_id"], ["id"]
        )

    with op.batch_alter_table("partnership_organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("replaced_by", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_partnership_organisations_replaced_by_organisations"),
            "organisations",
            ["replaced_by"],
            ["id"],
        )

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wants_reminders", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("email", existing_type=sa.String(length=320), nullable=True)

    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sign_off", sa.String(length=80), server_default="nobody", nullable=False))
        batch_op.add_column(sa.Column("withholding_threshold", sa.Integer(), server_default="10", nullable=False))
        batch_op.add_column(sa.Column("targets", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_rounds_threshold_from_five"), "withholding_threshold >= 5")
    op.execute("UPDATE rounds SET confirmed_at = opens_at")
    op.execute(
        "INSERT INTO assessment_moves (partnership_id, assessment_id, number, move, reason, person_id, made_at) "
        "SELECT partnership_id, assessment_id, submission, 'submit', '', submitted_by, submitted_at FROM snapshots"
    )

    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:  # noqa: PLR0915 - one table after another
    """Undo it; what the older tables have no word for is taken back to what they know."""
    op.execute("UPDATE people SET email = 'erased-' || id || '@example.invalid' WHERE email IS NULL")
    op.execute("DELETE FROM sign_in_links WHERE person_id IS NULL")
    op.execute("DELETE FROM memberships WHERE partnership_id IS NOT NULL")
    op.execute("UPDATE assessments SET status = 'submitted' WHERE status = 'signed-off'")
    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)

    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_rounds_threshold_from_five"), type_="check")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("targets")
        batch_op.drop_column("withholding_threshold")
        batch_op.drop_column("sign_off")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.alter_column("email", existing_type=sa.String(length=320), nullable=False)
        batch_op.drop_column("erased_at")
        batch_op.drop_column("wants_reminders")

    with op.batch_alter_table("partnership_organisations", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_partnership_organisations_replaced_by_organisations"), type_="foreignkey"
        )
        batch_op.drop_column("replaced_by")
        batch_op.drop_column("left_at")

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_memberships_partnership_id_partnerships"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_memberships_partnership_id"))
        batch_op.drop_column("partnership_id")

    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_assessments_signed_off_by_people"), type_="foreignkey")
        batch_op.drop_column("signed_off_by")
        batch_op.drop_column("signed_off_at")

    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_column("valid_to")
        batch_op.drop_column("valid_from")

    with op.batch_alter_table("answer_versions", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_answer_versions_partnership_id_carried_from_assessments"), type_="foreignkey"
        )
        batch_op.drop_column("carried_from")

    with op.batch_alter_table("given_sections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_given_sections_person_id"))

    op.drop_table("given_sections")
    op.drop_table("evidence_files")
    op.drop_table("comments")
    op.drop_table("assessment_moves")
    op.drop_table("late_entries")
    op.drop_table("unsaved_forms")
    op.drop_table("service_texts")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mails_send_after"))

    op.drop_table("mails")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_partnership_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_email"))

    op.drop_table("invitations")
    op.drop_table("area_successors")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_done_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    op.drop_table("audit_chains")
    op.drop_table("attempts")
