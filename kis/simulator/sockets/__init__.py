"""KIS's websocket: registrations, records in their columns, and what is pushed to whom."""
