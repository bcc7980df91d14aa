"""Add the regions of areas, indicators about them, and their nearest neighbours."""

import sqlalchemy as sa
from alembic import op

revision = "0004_add_indicators"
down_revision = "0003_add_meetings_and_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; no region is known yet."""
    op.add_column("areas", sa.Column("region", sa.String(length=200), server_default="", nullable=False))
    op.create_table(
        "area_neighbours",
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("neighbour_code", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_area_neighbours_area_code_areas")),
        sa.ForeignKeyConstraint(
            ["neighbour_code"], ["areas.code"], name=op.f("fk_area_neighbours_neighbour_code_areas")
        ),
        sa.PrimaryKeyConstraint("area_code", "rank", name=op.f("pk_area_neighbours")),
        sa.UniqueConstraint("area_code", "neighbour_code", name=op.f("uq_area_neighbours_area_code_neighbour_code")),
    )
    op.create_table(
        "indicator_values",
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("area_code", sa.String(length=9), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=22), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_indicator_values_area_code_areas")),
        sa.PrimaryKeyConstraint("indicator", "area_code", "year", name=op.f("pk_indicator_values")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("indicator_values")
    op.drop_table("area_neighbours")
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_column("region")
