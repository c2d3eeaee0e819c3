-- When a button was made, to the day: buttons of long ago are forgotten, rounds and fills never.
ALTER TABLE tap ADD COLUMN made_at TEXT;
