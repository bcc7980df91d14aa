"""Every error raised on purpose. Each carries words for a person; the doors render them, nobody else catches them."""

from datetime import timedelta


class EnablersError(Exception):
    """Something the person can understand and act on. `str(error)` is the sentence to show."""


class AnswerError(EnablersError):
    """An answer that its question cannot take."""


class NotFoundError(EnablersError):
    """Nothing is there, or nothing the actor may know of: the two look the same."""


class NotAllowedError(EnablersError):
    """The actor is known, and may not do this."""


class NotAllowedNowError(EnablersError):
    """The move is not open in this status or at this time."""


class SignInNeededError(EnablersError):
    """Nobody is signed in, or the session has ended."""


class LinkSpentError(EnablersError):
    """A sign-in link that is unknown, used or too old."""


class TooManyAttemptsError(EnablersError):
    """Something was tried too often in a short time."""

    def __init__(self, words: str, retry_after: timedelta) -> None:
        """Take the sentence, and how long to wait."""
        super().__init__(words)
        self.retry_after = retry_after


class InvitationError(EnablersError):
    """An invitation that cannot be made: a wrong address, or a role without its place."""


class InProgressError(EnablersError):
    """The very same is being done at this moment."""


class OtherBodyError(EnablersError):
    """A key that was used to write something else."""
