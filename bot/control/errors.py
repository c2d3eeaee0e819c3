"""Why the control socket gave no answer, named by what its asker must do.

MuhanError
└── ControlError
    ├── BotDown           start the bot; until then only the state file can be read
    │   └── BotSilent     it runs and hangs: wait a little, then restart it
    └── ControlRefused    read the sentence: nothing was done
"""

from bot.errors import MuhanError


class ControlError(MuhanError):
    """The running bot did not do what was asked of it."""


class BotDown(ControlError):
    """Nobody answers on the control socket."""


class BotSilent(BotDown):
    """The bot took the question, or has no room for it, and did not answer in time."""


class ControlRefused(ControlError):
    """The bot refused; `code` says why to a program, the sentences to a person.

    `session_over`: log in anew. `not_allowed`: not in this role. `locked_out`: too many wrong keys,
    wait a minute. `key_over`: the login key or the preview's key was used, is too old, or is none.
    `unknown_outcome`: it may have been done; look. Others are names of `trading.refusal.Why`, or of
    what the call lacked.
    """

    def __init__(self, code: str, korean: str, english: str) -> None:
        super().__init__(korean, english)
        self.code = code
