"""What KIS's answers say: rows of words into models. A malformed number is an error, never zero.

Every parser raises KisBadAnswer on a field that it needs and cannot read.
Source: KIS's field tables and recorded rows (domain/kis.md 5 and 6).
"""
