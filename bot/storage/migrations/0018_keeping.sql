-- When a button was made, to the day: buttons of long ago are forgotten, rounds and fills never.
ALTER TABLE tap ADD COLUMN made_at TEXT;
-- What is asked of the journal by kind or by order takes no longer after years of it.
CREATE INDEX journal_type ON journal (type, seq);
CREATE INDEX journal_slot ON journal (slot, type) WHERE slot IS NOT NULL;
