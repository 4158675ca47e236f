"""Rooms, audit, people, history and readers' objections; a report's own address and version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _reports()
    _rooms()
    _people()
    _history()
    _search()


def _reports() -> None:
    with op.batch_alter_table("reports") as table:
        table.add_column(sa.Column("canonical", sa.String(2048)))
        table.add_column(sa.Column("etag", sa.String(1024)))
        table.add_column(sa.Column("modified", sa.String(64)))
        table.create_index("ix_reports_canonical", ["canonical"])


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed", Utc(), nullable=False),
        sa.Column("left", Utc()),
        sa.PrimaryKeyConstraint("platform", "id", name="pk_rooms"),
    )
    op.create_index("ix_rooms_left", "rooms", ["left"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("room", sa.String(64), nullable=False),
        sa.Column("who", sa.String(64)),
        sa.Column("setting", sa.String(64), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_who", "audit", ["who"])
    op.create_index("ix_audit_platform_room_id", "audit", ["platform", "room", "id"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "id", name="pk_people"),
    )
    op.create_table(
        "wrong",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("room", sa.String(64), nullable=False),
        sa.Column("who", sa.String(64)),
        sa.Column("key", sa.String(2048), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wrong"),
    )
    op.create_index("ix_wrong_at", "wrong", ["at"])
    op.create_index("ix_wrong_who", "wrong", ["who"])


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("room", sa.String(64), nullable=False),
        sa.Column("server", sa.String(64)),
        sa.Column("key", sa.String(2048), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("domain", sa.String(255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("pasted", sa.Boolean(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("hedges", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
    )
    op.create_index("ix_history_at", "history", ["at"])
    op.create_index("ix_history_platform_room_id", "history", ["platform", "room", "id"])


def _search() -> None:
    """Full text over history.words: FTS5 beside the table on SQLite, a column with an index on PostgreSQL.

    An index over an expression would have PostgreSQL work it out anew for each answer that it filters: 20,000
    answers took half a second.
    """
    if op.get_bind().dialect.name == "postgresql":
        made = "GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
        op.execute(f"ALTER TABLE history ADD COLUMN ft_words tsvector {made}")
        op.execute("CREATE INDEX ft_history_words ON history USING gin (ft_words) WITH (fastupdate = off)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE history_fts USING fts5"
        "(words, content='history', content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    added = "INSERT INTO history_fts (rowid, words) VALUES (new.id, new.words);"
    gone = "INSERT INTO history_fts (history_fts, rowid, words) VALUES ('delete', old.id, old.words);"
    op.execute(f"CREATE TRIGGER history_added AFTER INSERT ON history BEGIN {added} END")
    op.execute(f"CREATE TRIGGER history_gone AFTER DELETE ON history BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER history_changed AFTER UPDATE OF words ON history BEGIN {gone} {added} END")
