-- Codes that let somebody in, who was let out again, wrong codes of the app, and the owner's consent.
CREATE TABLE pairing_code (
    digest     TEXT PRIMARY KEY,
    role       TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    user_id    INTEGER,
    name       TEXT NOT NULL DEFAULT ''
);

CREATE TABLE person_revoked (
    user_id INTEGER PRIMARY KEY,
    at      TEXT NOT NULL
);

CREATE TABLE wrong_code (
    at TEXT NOT NULL
);

CREATE TABLE consent (
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    user_id INTEGER,
    edition TEXT NOT NULL,
    method  TEXT NOT NULL
);
