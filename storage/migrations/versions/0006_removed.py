"""An answer that somebody removed does not come back by an edit of its message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("checks", sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()))
