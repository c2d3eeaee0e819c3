-- What was told once and is not told again, and when processes started and ended well.
CREATE TABLE notice (
    key TEXT PRIMARY KEY,
    at  TEXT NOT NULL
);

CREATE TABLE process_start (
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    held_at TEXT,
    ended   INTEGER NOT NULL DEFAULT 0
);
