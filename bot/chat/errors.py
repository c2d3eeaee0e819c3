"""What is answered instead of a result."""


class Refusal(Exception):
    """Answer a Bot API call with `ok: false`, in Telegram's words."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def answer(self) -> dict[str, object]:
        """Give the body that Telegram would send."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class OwnerMistake(Exception):
    """Answer a call to the owner's side with 400 and a sentence."""


def bad_request(description: str) -> Refusal:
    """Build the refusal that Telegram gives for nearly everything."""
    return Refusal(400, f"Bad Request: {description}")


def cannot_parse(description: str) -> Refusal:
    """Build the refusal of text whose markup is broken."""
    return bad_request(f"can't parse entities: {description}")
