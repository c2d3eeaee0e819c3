CREATE TABLE journal (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    type     TEXT NOT NULL,
    round_id TEXT,
    slot     TEXT,
    body     TEXT NOT NULL
);
CREATE INDEX journal_round ON journal (round_id);
CREATE TRIGGER journal_is_append_only_u BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_d BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE cycle (
    cycle_id   INTEGER PRIMARY KEY,
    symbol     TEXT NOT NULL UNIQUE,
    approval   TEXT NOT NULL,
    state      TEXT NOT NULL,
    started_at TEXT NOT NULL,
    held       TEXT
);

CREATE TABLE round (
    round_id    TEXT PRIMARY KEY,
    cycle_id    INTEGER NOT NULL REFERENCES cycle (cycle_id),
    session     TEXT NOT NULL,
    state       TEXT NOT NULL,
    digest      TEXT NOT NULL,
    approval    TEXT NOT NULL,
    deadline    TEXT,
    plan        TEXT,
    proposed_at TEXT NOT NULL,
    decided_by  TEXT,
    reason      TEXT,
    reminded    INTEGER,
    verified    INTEGER NOT NULL DEFAULT 0,
    settlement  TEXT,
    UNIQUE (cycle_id, session)
);

CREATE TABLE broker_order (
    slot         TEXT PRIMARY KEY,
    round_id     TEXT NOT NULL REFERENCES round (round_id),
    session      TEXT NOT NULL,
    position     INTEGER NOT NULL,
    description  TEXT NOT NULL,
    state        TEXT NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    order_number TEXT,
    sent_at      TEXT,
    baseline     TEXT,
    retry_at     TEXT,
    unknown_at   TEXT,
    cancel_asked TEXT,
    detail       TEXT,
    filled       INTEGER NOT NULL DEFAULT 0,
    fill_price   TEXT,
    answered_at  TEXT,
    may_resend   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (session, order_number)
);
CREATE INDEX broker_order_round ON broker_order (round_id, position);
CREATE INDEX broker_order_state ON broker_order (state);

CREATE TABLE preference (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    seq        INTEGER NOT NULL REFERENCES journal (seq),
    state      TEXT NOT NULL DEFAULT 'waiting',
    tries      INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    note       TEXT
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';

CREATE TABLE chat_card (
    round_id   TEXT NOT NULL,
    chat_id    INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (round_id, chat_id)
);

CREATE TABLE tap (
    nonce      TEXT PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    action     TEXT NOT NULL,
    expires_at TEXT,
    used_at    TEXT
);

CREATE TABLE chat_update (
    update_id INTEGER PRIMARY KEY
);
