"""Checks that survive the process that accepted them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "checks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("room", sa.String(64), nullable=False),
        sa.Column("server", sa.String(64)),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.Column("unasked", sa.Boolean(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("placeholder", sa.String(64)),
        sa.Column("accepted", Utc(), nullable=False),
        sa.Column("finished", Utc()),
        sa.Column("owner", sa.String(32)),
        sa.Column("until", Utc()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
        sa.UniqueConstraint("origin", name="uq_checks_origin"),
    )
    op.create_index("ix_checks_accepted", "checks", ["accepted"])
    op.create_index("ix_checks_finished", "checks", ["finished"])
