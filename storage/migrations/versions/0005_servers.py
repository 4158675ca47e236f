"""Settings and objections of a room go with its server; answers are found by where they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_BELONGS = """
UPDATE rooms SET server = (
    SELECT min(history.server) FROM history
    WHERE history.platform = rooms.platform AND history.room = rooms.id
)
"""


def upgrade() -> None:
    op.add_column("rooms", sa.Column("server", sa.String(64)))
    op.create_index("ix_rooms_server", "rooms", ["server"])
    op.execute(_BELONGS)
    op.add_column("wrong", sa.Column("server", sa.String(64)))
    op.add_column("history", sa.Column("spoiler", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_history_platform_place", "history", ["platform", "place"])
    op.drop_index("ix_checks_platform_placeholder", "checks")
