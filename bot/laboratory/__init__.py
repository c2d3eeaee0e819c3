"""Research at the desk: bars from files, charts and sweeps around the book."""
