"""Checks of links that several processes share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "flights",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(2048), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("age", sa.Integer()),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("room", sa.String(128)),
        sa.Column("check", sa.String(32)),
        sa.Column("boarded", Utc(), nullable=False),
        sa.Column("begun", Utc()),
        sa.Column("landed", Utc()),
        sa.Column("fetched", Utc()),
        sa.Column("deaths", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("error", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_flights"),
    )
    under_way = sa.text("landed IS NULL")
    op.create_index(
        "ix_flights_under_way",
        "flights",
        ["key"],
        unique=True,
        postgresql_where=under_way,
        sqlite_where=under_way,
    )
    op.create_index("ix_flights_landed", "flights", ["landed"])
