"""Add the regions of areas."""

import sqlalchemy as sa
from alembic import op

revision = "0004_add_indicators"
down_revision = "0003_add_meetings_and_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no region is known yet."""
    op.add_column("areas", sa.Column("region", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_column("region")
