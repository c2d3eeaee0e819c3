"""Performance in numbers: pure functions over what the journal says; money is USD."""
