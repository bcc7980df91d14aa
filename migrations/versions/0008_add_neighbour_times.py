"""Add when the nearest neighbours of an area were imported."""

import sqlalchemy as sa
from alembic import op

revision = "0008_add_neighbour_times"
down_revision = "0007_add_api_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was imported before, the time is not known."""
    with op.batch_alter_table("area_neighbours", schema=None) as batch_op:
        batch_op.add_column(sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("area_neighbours", schema=None) as batch_op:
        batch_op.drop_column("imported_at")
