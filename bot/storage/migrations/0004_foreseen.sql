-- Whether the owner was shown what a round will have done at the last price.
ALTER TABLE round ADD COLUMN foreseen INTEGER NOT NULL DEFAULT 0;
