"""What stops an installation.

MuhanError
├── ServiceRefused      do what the sentence says first: nothing was changed
└── StepFailed          mend what the sentence says and run it again, or uninstall
"""

from bot.errors import MuhanError


class ServiceRefused(MuhanError):
    """The service cannot be installed here as things are; nothing was changed."""


class StepFailed(MuhanError):
    """A step went wrong; those before it were done."""
