"""The one SQLite file: journal, what is derived from it, outbox and the chat's own tables."""
