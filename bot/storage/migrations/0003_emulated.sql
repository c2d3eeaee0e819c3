-- How a LOC or MOC went to a venue that takes neither, and the close to hold it against.
ALTER TABLE broker_order ADD COLUMN emulated TEXT;
ALTER TABLE round ADD COLUMN emulated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN official_close TEXT;
