"""Add releases, and what a round says of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005_add_releases"
down_revision = "0004_add_indicators"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and the date and the cuts of a round."""
    op.add_column("rounds", sa.Column("release_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rounds", sa.Column("two_way_cuts", sa.Text(), server_default="[]", nullable=False))
    op.create_table(
        "releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("contributions", sa.Text(), nullable=False),
        sa.Column("audit", sa.Text(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("built_by", sa.Uuid(), nullable=False),
        sa.Column("publishes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_releases_approved_by_people")),
        sa.ForeignKeyConstraint(["built_by"], ["people.id"], name=op.f("fk_releases_built_by_people")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_releases_round_id_rounds")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["people.id"], name=op.f("fk_releases_withdrawn_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_releases_round_id_number")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("releases")
    with op.batch_alter_table("rounds") as rounds:
        rounds.drop_column("two_way_cuts")
        rounds.drop_column("release_at")
