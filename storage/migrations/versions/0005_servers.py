"""A room's settings go with the server that it belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("rooms", sa.Column("server", sa.String(64)))
    op.create_index("ix_rooms_server", "rooms", ["server"])
