"""A question as it reaches a handler: who asks, and with which words."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A command, a button that stands for one, or a typed answer.

    `text` is what stood behind the command. `message_id` is the person's own message, or the one
    whose button was pressed; with `edit` that one is to become the answer.
    """

    user_id: int
    text: str = ""
    message_id: int | None = None
    edit: bool = False
