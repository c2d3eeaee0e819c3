-- What goes out of a cycle's rounds without a tap, what of a round was called back, what went
-- out of it for want of a tap, and under which message a button stands.
ALTER TABLE cycle ADD COLUMN unattended TEXT NOT NULL DEFAULT 'nothing';
ALTER TABLE round ADD COLUMN curtailed TEXT NOT NULL DEFAULT '';
ALTER TABLE round ADD COLUMN let_go TEXT NOT NULL DEFAULT '';
ALTER TABLE tap ADD COLUMN message_id INTEGER;
