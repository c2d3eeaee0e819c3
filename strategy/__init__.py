"""The book: which orders the infinite buying method asks for, as pure functions on Decimal."""
