"""The running program: it asks the book, shows the owner, writes the journal, goes to KIS."""
