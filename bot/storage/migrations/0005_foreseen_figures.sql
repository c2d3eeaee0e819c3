-- What the owner was shown of a round at the last price, for the card to show it again.
ALTER TABLE round ADD COLUMN foreseen_figures TEXT;
UPDATE round SET foreseen_figures = (
    SELECT body FROM journal
    WHERE journal.round_id = round.round_id AND journal.type = 'RoundForeseen'
    ORDER BY seq DESC LIMIT 1
);
ALTER TABLE round DROP COLUMN foreseen;
