"""The broker's counter: how KIS (한국투자증권) is spoken to. It knows no method and no chat."""
