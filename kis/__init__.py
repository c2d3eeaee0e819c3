"""The broker's counter: how KIS (한국투자증권) is spoken to. It knows no method and no chat.

Begin at `kis.client.Kis`: docs/kis.md shows it at work, and says what to do about each error.
"""
