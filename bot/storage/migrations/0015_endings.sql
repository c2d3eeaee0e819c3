-- What becomes of a run when it holds nothing (go_on, rest, end), and when it ended.
ALTER TABLE cycle ADD COLUMN afterwards TEXT NOT NULL DEFAULT 'go_on';
ALTER TABLE cycle ADD COLUMN ended_at TEXT;
