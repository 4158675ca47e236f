"""Answers are known by their ids, and checks follow the edits of the message that they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("history", sa.Column("answer", sa.String(32)))
    op.create_index("ix_history_answer", "history", ["answer"])
    op.add_column("checks", sa.Column("poster", sa.String(64)))
    op.add_column("checks", sa.Column("aside", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("checks", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("checks", sa.Column("sending", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_checks_sender", "checks", ["sender"])
    op.create_index("ix_checks_poster", "checks", ["poster"])
    op.create_index("ix_checks_platform_where", "checks", ["platform", "where"])
    op.create_index("ix_checks_platform_placeholder", "checks", ["platform", "placeholder"])
