"""The next moment at which a web site may be asked, for several processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("free", Utc(), nullable=False),
        sa.Column("rests", Utc()),
        sa.PrimaryKeyConstraint("host", name="pk_sites"),
    )
