-- What a day asks of rounds takes no longer after years of them. What is no JSON is no settlement's.
CREATE INDEX round_state ON round (state, session, cycle_id);
CREATE INDEX round_session ON round (session, cycle_id);
CREATE INDEX round_number ON round (
    cycle_id, iif(json_valid(settlement), json_extract(settlement, '$.before.number'), NULL), session
) WHERE settlement IS NOT NULL;
CREATE INDEX round_finished ON round (session, cycle_id)
WHERE iif(json_valid(settlement), json_extract(settlement, '$.finished'), NULL) IS NOT NULL;
