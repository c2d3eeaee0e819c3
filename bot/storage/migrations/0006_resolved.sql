-- Which of the broker's orders may be an unanswered one of ours: a button names one of them.
ALTER TABLE broker_order ADD COLUMN candidates TEXT;
UPDATE broker_order SET candidates = '["' || replace(detail, ', ', '","') || '"]'
    WHERE state = 'ambiguous' AND detail <> '';
-- What the broker showed of a round after it was settled: 1 to be looked at, 2 told to the owner.
ALTER TABLE round ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
CREATE INDEX round_late ON round (late) WHERE late = 1;
