"""Add what partnerships offer to and ask of one another, what they are proposed, and marks on the learning library."""

import sqlalchemy as sa
from alembic import op

revision = "0006_add_exchange"
down_revision = "0005_add_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "help_asks",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("enabler_id", sa.String(length=80), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("need", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_help_asks_asked_by_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_help_asks_partnership_id_round_id_round_partnerships"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "enabler_id", name=op.f("pk_help_asks")),
    )
    op.create_table(
        "help_offers",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("enabler_id", sa.String(length=80), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", sa.String(length=200), nullable=False),
        sa.Column("at_a_time", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("at_a_time BETWEEN 1 AND 10", name=op.f("ck_help_offers_at_a_time_from_one_to_ten")),
        sa.ForeignKeyConstraint(["offered_by"], ["people.id"], name=op.f("fk_help_offers_offered_by_people")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round_partnerships.partnership_id", "round_partnerships.round_id"],
            name=op.f("fk_help_offers_partnership_id_round_id_round_partnerships"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "enabler_id", name=op.f("pk_help_offers")),
    )
    op.create_table(
        "help_proposals",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enabler_id", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asking_by", sa.Uuid(), nullable=True),
        sa.Column("offering_by", sa.Uuid(), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asking_by"], ["people.id"], name=op.f("fk_help_proposals_asking_by_people")),
        sa.ForeignKeyConstraint(["offering_by"], ["people.id"], name=op.f("fk_help_proposals_offering_by_people")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["partnerships.id"], name=op.f("fk_help_proposals_offering_id_partnerships")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "enabler_id"],
            ["help_asks.partnership_id", "help_asks.enabler_id"],
            name=op.f("fk_help_proposals_partnership_id_enabler_id_help_asks"),
        ),
        sa.PrimaryKeyConstraint("partnership_id", "offering_id", "id", name=op.f("pk_help_proposals")),
    )
    with op.batch_alter_table("help_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_proposals_offering_id"), ["offering_id"], unique=False)

    op.create_table(
        "learning_marks",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["marked_by"], ["people.id"], name=op.f("fk_learning_marks_marked_by_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_learning_marks_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "framework_id", "kind", "item_id", name=op.f("pk_learning_marks")),
    )
    with op.batch_alter_table("learning_marks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_learning_marks_framework_id_kind_item_id"), ["framework_id", "kind", "item_id"], unique=False
        )


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("learning_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_marks_framework_id_kind_item_id"))

    op.drop_table("learning_marks")
    with op.batch_alter_table("help_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_proposals_offering_id"))

    op.drop_table("help_proposals")
    op.drop_table("help_offers")
    op.drop_table("help_asks")
