"""Getting in and out, one's own account, and stepping in at the demonstration."""

from app.web.account import demonstration, own, provider, signing_in
from app.web.routing import gather

router = gather(provider, signing_in, own, demonstration)
