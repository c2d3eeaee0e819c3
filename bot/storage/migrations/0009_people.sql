-- Who uses the chat besides the people of the settings, what each has chosen, and what is asked of them.
CREATE TABLE person (
    user_id INTEGER PRIMARY KEY,
    role    TEXT NOT NULL,
    name    TEXT NOT NULL DEFAULT '',
    since   TEXT NOT NULL
);

CREATE TABLE person_setting (
    user_id INTEGER NOT NULL,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
);

CREATE TABLE chat_question (
    user_id    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    data       TEXT NOT NULL,
    expires_at TEXT
);
