"""The ledger's tables, as migrations by name: `PRAGMA user_version` says how many of them a file has been through."""

from __future__ import annotations

from dataclasses import dataclass

FRONTIER = (
    """
    CREATE TABLE {schema}.frontier (
        key INTEGER NOT NULL UNIQUE,
        url TEXT NOT NULL,
        host TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        rank INTEGER NOT NULL,
        due INTEGER,
        modified INTEGER,
        data TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        visited_at INTEGER,
        deaths INTEGER NOT NULL DEFAULT 0,
        suspect INTEGER NOT NULL DEFAULT 0,
        revisits INTEGER NOT NULL DEFAULT 0,
        status INTEGER,
        etag TEXT,
        last_modified TEXT,
        digest TEXT,
        story INTEGER
    )
    """,
    "CREATE INDEX {schema}.frontier_ready ON frontier (host, rank DESC) WHERE state = 'ready'",
    "CREATE INDEX {schema}.frontier_due ON frontier (due) WHERE due IS NOT NULL",
    "CREATE INDEX {schema}.frontier_leased ON frontier (key) WHERE state = 'leased'",
    "CREATE INDEX {schema}.frontier_quarantined ON frontier (key) WHERE state = 'quarantined'",
    """
    CREATE TABLE {schema}.copies (
        key INTEGER PRIMARY KEY,
        name INTEGER NOT NULL,
        original INTEGER NOT NULL,
        title INTEGER NOT NULL
    )
    """,
    "CREATE INDEX {schema}.copies_original ON copies (original)",
)
"""Rows lie in the order in which they were found: a batch of them shares pages, and only the index of their keys is
written to all over. `due`: when the row becomes ready, be it a revisit, a failure to be tried again or a lease that
expires. `copies`: pages that wait for the page that they say they are a copy of: keys in the frontier, of names and
folded titles."""

STORIES = (
    """
    CREATE TABLE {schema}.stories (
        id INTEGER PRIMARY KEY,
        story_key TEXT NOT NULL,
        url TEXT,
        name INTEGER,
        title INTEGER,
        version INTEGER NOT NULL,
        content_hash TEXT,
        fields BLOB,
        fingerprint INTEGER,
        extractor TEXT,
        genre TEXT,
        versioned_at INTEGER NOT NULL,
        gone_at INTEGER,
        forgotten_at INTEGER,
        why TEXT
    )
    """,
    "CREATE INDEX {schema}.stories_forgotten ON stories (id) WHERE forgotten_at IS NOT NULL",
    """
    CREATE TABLE {schema}.aliases (
        key INTEGER PRIMARY KEY,
        story INTEGER NOT NULL REFERENCES stories (id),
        standing INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE {schema}.versions (
        story INTEGER NOT NULL REFERENCES stories (id),
        version INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        written_at INTEGER NOT NULL,
        file INTEGER,
        PRIMARY KEY (story, version)
    ) WITHOUT ROWID
    """,
)
"""`name`: key of the story's own address; `title`: of its folded title; `fields`: see `versions.py`. `standing`: whose
word an alias is, see `stories.py`. A forgotten story keeps its key and its names, and nothing of its content."""

FILES = (
    """
    CREATE TABLE {schema}.runs (
        run_id TEXT PRIMARY KEY,
        started_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL,
        ended_at INTEGER,
        form TEXT NOT NULL,
        new INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID
    """,
    "CREATE INDEX {schema}.runs_alive ON runs (run_id) WHERE ended_at IS NULL",
    """
    CREATE TABLE {schema}.files (
        id INTEGER PRIMARY KEY,
        file TEXT NOT NULL UNIQUE,
        run_id TEXT NOT NULL,
        stream TEXT NOT NULL,
        form TEXT NOT NULL,
        records INTEGER,
        bytes INTEGER,
        sha256 TEXT
    )
    """,
    "CREATE INDEX {schema}.files_unsealed ON files (id) WHERE sha256 IS NULL",
    """
    CREATE TABLE {schema}.spool (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL,
        stream TEXT NOT NULL,
        story INTEGER,
        version INTEGER,
        file INTEGER REFERENCES files (id),
        line TEXT NOT NULL
    )
    """,
    "CREATE INDEX {schema}.spool_file ON spool (file)",
    "CREATE INDEX {schema}.spool_run ON spool (run_id, stream)",
    "CREATE TABLE {schema}.forgetting (story INTEGER PRIMARY KEY, why TEXT NOT NULL, at INTEGER NOT NULL)",
)
"""`runs`: one that ended by itself did so when it was last seen; one that the next run ended, later.
`spool`: lines that are in no sealed file yet; with a `file`, a name is reserved for them. `files`: sealed once they
have a digest. `forgetting`: takedowns under way."""

ARCHIVES = (
    """
    CREATE TABLE {schema}.captures (
        key INTEGER PRIMARY KEY,
        file INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL
    )
    """,
    "ALTER TABLE {schema}.versions ADD COLUMN archive INTEGER",
    "ALTER TABLE {schema}.versions ADD COLUMN archive_offset INTEGER",
    "ALTER TABLE {schema}.versions ADD COLUMN archive_length INTEGER",
)
"""`captures`: where the page at a URL was last archived whole. A version's `archive`: where its page lies. Both name
a row of `files`, of the stream `archive`: such a file grows while it has no digest, and `bytes` are what is committed
of it."""


@dataclass(frozen=True)
class Migration:
    """One step of the schema, applied whole or not at all."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration("frontier, stories and files", (*FRONTIER, *STORIES, *FILES)),
    Migration("archives", ARCHIVES),
)
"""In order; never changed once released, only added to."""
