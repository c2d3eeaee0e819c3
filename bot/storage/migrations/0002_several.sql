-- A symbol may carry several cycles, begin later than now, and wait for resting orders.
-- SQLite cannot drop a UNIQUE, so the table is made anew; foreign keys are off while it is.
CREATE TABLE cycle_of_several (
    cycle_id      INTEGER PRIMARY KEY,
    symbol        TEXT NOT NULL,
    approval      TEXT NOT NULL,
    state         TEXT NOT NULL,
    started_at    TEXT NOT NULL,
    held          TEXT,
    first_session TEXT,
    waiting       TEXT,
    vouched       INTEGER NOT NULL DEFAULT 0
);
INSERT INTO cycle_of_several (cycle_id, symbol, approval, state, started_at, held)
    SELECT cycle_id, symbol, approval, state, started_at, held FROM cycle;
DROP TABLE cycle;
ALTER TABLE cycle_of_several RENAME TO cycle;
CREATE INDEX cycle_symbol ON cycle (symbol);

CREATE TABLE pending_change (
    change_id     INTEGER PRIMARY KEY,
    symbol        TEXT NOT NULL,
    cycle_id      INTEGER REFERENCES cycle (cycle_id),
    from_session  TEXT NOT NULL,
    type          TEXT NOT NULL,
    body          TEXT NOT NULL
);

CREATE TABLE share_split (
    symbol        TEXT NOT NULL,
    first_session TEXT NOT NULL,
    split         TEXT NOT NULL,
    PRIMARY KEY (symbol, first_session)
);

CREATE TABLE set_aside (
    symbol   TEXT PRIMARY KEY,
    quantity INTEGER NOT NULL
);
