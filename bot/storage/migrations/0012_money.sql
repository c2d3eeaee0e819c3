-- The won against the dollar by Seoul's date, and what KIS took for a round in the end.
CREATE TABLE exchange_rate (
    day  TEXT PRIMARY KEY,
    rate TEXT NOT NULL
);
CREATE TABLE charge (
    round_id TEXT PRIMARY KEY REFERENCES round (round_id),
    booked   TEXT NOT NULL,
    bought   TEXT NOT NULL,
    sold     TEXT NOT NULL
);
