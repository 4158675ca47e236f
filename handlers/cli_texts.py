"""The help texts of the command line."""

from __future__ import annotations

from typing import Final

ABOUT: Final = """Read a news article and answer in its own words: what is reported, who says so, how sure
the article itself is, and where the originals are. Hearsay never says whether something is true.

Start with `hearsay run` and paste a link, or check a page that you saved: `hearsay check page.html`."""

CHECK: Final = """Check one article: an address, a saved page, a plain text, or `-` for standard input.

A saved page or text works offline. Exit codes: 0 something was found, 1 nothing was found (no
words of doubt, no unnamed sources), 2 bad usage, 3 the article could not be read, 74 the answer could not be
written.

Examples: `hearsay check https://example.com/news`, `hearsay check page.html --url https://example.com/news`,
`pbpaste | hearsay check - --style full`, `hearsay check page.html --json > report.json`,
`hearsay check page.html --why`"""

EXPLAIN: Final = """Show what the rules see in a few sentences: for whoever mends a rule or a word list.

First each sentence: its words, chunks, quotations, attributions, words of doubt and caveats. Then the whole:
sources, names, claim, and where it comes from. The rule and the word-list entry stand with each finding.

Examples: `hearsay explain "Mara Venn said that the bridge could fall."`, `pbpaste | hearsay explain -`"""

LANGUAGE: Final = "The language to read it in, as in `en`; English where there are no word lists for it."
WHY: Final = "Add the rule and the word-list entry behind each finding; JSON always has them."

BATCH: Final = """Read many articles: JSON lines in, one report a line out, in the same order, on every core.

A line in is `{"id": "a", "text": "…"}` or `{"id": "b", "html": "…", "url": "…"}`. A bad line gets a report
with an `error`, and the batch goes on. Progress stands on standard error when that is a terminal.

Example: `hearsay batch < articles.jsonl > reports.jsonl`"""

VERIFY: Final = """Prove a stored report again, offline: its quotations, names, who quotes whom, its sha256.

With `--page`, also whether the saved page, read again, gives the same text. The file holds one report or,
as `hearsay batch` writes them, one a line. Exit codes: 0 all holds, 1 something does not, 3 not readable."""

RUN: Final = """Start Hearsay: on Discord and Telegram where a token is set, otherwise as a chat right here.

Settings are read from the environment or a `.env` file:

- `HEARSAY_DISCORD_TOKEN`, `HEARSAY_TELEGRAM_TOKEN`: start that platform; both may be set
- `HEARSAY_DISCORD_SHARD_ID`, `HEARSAY_DISCORD_SHARD_COUNT`: which of how many processes (0 of 1)
- `HEARSAY_TELEGRAM_WEBHOOK_URL`: where Telegram brings updates, instead of polling, with
  `HEARSAY_TELEGRAM_WEBHOOK_LISTEN`, `HEARSAY_TELEGRAM_WEBHOOK_PORT`, `HEARSAY_TELEGRAM_WEBHOOK_SECRET`
- `HEARSAY_DATABASE`: the SQLite file in which everything is kept
- `HEARSAY_DATABASE_URL`: a PostgreSQL database instead of that file
- `HEARSAY_RETENTION_DAYS`: how long reports are kept (30)
- `HEARSAY_READERS`: how many pages are read at once (2); 0 leaves all of them to `hearsay worker`
- `HEARSAY_OPERATIONS_LISTEN`, `HEARSAY_OPERATIONS_PORT`: where /healthz, /readyz and /metrics are answered
- `HEARSAY_CONTACT`: an address or page that web sites find in the User-Agent
- `HEARSAY_LOG_FORMAT`: `human` or `json`; `HEARSAY_LOG_LEVEL`: `debug`, `info`, `warning` or `error`
- `HEARSAY_LOG_FILE`: where the terminal chat and the other commands log what went wrong
- `HEARSAY_ALLOW_LOOPBACK`: also read pages on this machine; for developers only"""

ROOMS: Final = (
    "List the rooms and servers where something is set: what, since when, and whether Hearsay has left."
)

WORKER: Final = """Check links for the bots that share a PostgreSQL database, until stopped.

Any number of workers may run, on any number of machines. Each has `HEARSAY_READERS` reader processes
and needs no token. `HEARSAY_DATABASE_URL` names the database. A bot started with `HEARSAY_READERS=0` reads
no page itself. Give each worker on a machine its own `HEARSAY_OPERATIONS_PORT`, or 0."""

DOCTOR: Final = """Check everything that a start needs: settings, clock, database, readers, port and tokens.

Looking changes nothing. Exit codes: 0 nothing stands in the way, 1 something does, 2 settings are wrong."""

HISTORY: Final = """List what was checked, newest first, in every room or in one.

WORDS are beginnings of words in titles, outlets, domains and names of sources.

Examples: `hearsay history bridge`,
`hearsay history --room discord:1234 --flagged --domain courier.example`"""

AUDIT: Final = "List who changed which setting, newest first, in every room or in one."

WRONG: Final = (
    "List the answers that readers called wrong, newest first. They are for review, and never published."
)

BACKUP: Final = """Copy the SQLite database into a new file, also while Hearsay runs, and check the copy.

It never writes over a file. A database in PostgreSQL is backed up with PostgreSQL's own `pg_dump`."""
