-- One-time keys to the dashboard and the sessions they began; the secrets themselves are kept nowhere.
CREATE TABLE panel_key (
    digest     TEXT PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE TABLE panel_session (
    digest   TEXT PRIMARY KEY,
    user_id  INTEGER NOT NULL,
    began_at TEXT NOT NULL,
    used_at  TEXT NOT NULL
);
