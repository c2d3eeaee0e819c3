-- Orders on our symbols that are not ours: what was told of each, and whose the owner said they are.
CREATE TABLE foreign_order (
    session  TEXT NOT NULL,
    number   TEXT NOT NULL,
    symbol   TEXT NOT NULL,
    side     TEXT NOT NULL,
    by_api   INTEGER NOT NULL,
    filled   INTEGER NOT NULL DEFAULT 0,
    price    TEXT,
    PRIMARY KEY (session, number)
);
CREATE TABLE foreign_decision (
    session   TEXT NOT NULL,
    number    TEXT NOT NULL,
    quantity  INTEGER NOT NULL,
    price     TEXT NOT NULL,
    change_id INTEGER
);
CREATE INDEX foreign_decision_order ON foreign_decision (session, number);

-- USD that moved without a trade; fate is empty until the owner says what they are.
CREATE TABLE money_move (
    move_id   INTEGER PRIMARY KEY,
    event     TEXT NOT NULL,
    fate      TEXT,
    change_id INTEGER
);

CREATE TABLE announced_split (
    symbol        TEXT NOT NULL,
    first_session TEXT NOT NULL,
    split         TEXT NOT NULL,
    dismissed     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (symbol, first_session)
);
