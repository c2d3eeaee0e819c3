"""The threats of docs/security.md: what each row is proved by, and what no other room tests."""
