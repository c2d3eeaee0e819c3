-- What a person is told of in the morning only: letters of a class that is off, and what came at night.
CREATE TABLE digest_line (
    chat_id INTEGER NOT NULL,
    letter  INTEGER NOT NULL REFERENCES outbox (id),
    due_at  TEXT NOT NULL,
    PRIMARY KEY (chat_id, letter)
);

-- One letter for each line of the journal, whoever writes it.
CREATE UNIQUE INDEX outbox_seq ON outbox (seq);

-- A forum chat follows the outbox at its own pace: how far it is, and its topics and cards.
CREATE TABLE forum (
    chat_id INTEGER PRIMARY KEY,
    letter  INTEGER NOT NULL
);
CREATE TABLE forum_topic (
    chat_id   INTEGER NOT NULL,
    symbol    TEXT NOT NULL,
    thread_id INTEGER NOT NULL,
    PRIMARY KEY (chat_id, symbol)
);
