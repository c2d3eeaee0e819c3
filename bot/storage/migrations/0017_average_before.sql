-- The first release kept no average of the day before: it is that of the last settled round. Without
-- it the ledger would differ from what the journal says, and the bot would rightly not start.
UPDATE cycle SET state = json_set(state, '$.average_before', coalesce((
    SELECT json_extract(body, '$.before.average') FROM journal
    WHERE type = 'RoundSettled' AND json_extract(body, '$.cycle_id') = cycle.cycle_id
    ORDER BY seq DESC LIMIT 1), '0'))
WHERE json_type(state, '$.average_before') IS NULL;
