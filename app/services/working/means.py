"""What a job may work with."""

from dataclasses import dataclass, field
from threading import Event

from app.catalogue import Catalogue
from app.delivery import Carrier
from app.outgoing import Poster
from app.services import Database
from app.services.outside import Outside


@dataclass(frozen=True, slots=True)
class Means:
    """What a job may work with."""

    database: Database
    catalogue: Catalogue
    carrier: Carrier
    public_url: str
    """What the links in mails begin with."""
    outside: Outside
    """What is kept outside the database."""
    keeps_mails: bool = False
    """Whether texts of mails are kept once they are sent: in a demonstration, to be looked at."""
    poster: Poster = field(default_factory=Poster)
    """What sends messages to other systems."""
    stop: Event = field(default_factory=Event)
    """Set when the worker is told to stop: a job that takes long looks at it between two steps."""
