"""Every page of the action plan, the asks and learning from others, for the app to take in one; words before ids."""

from app.web.routing import gather
from app.web.together import action_forms, actions, asks, exchange, marks, proposals

router = gather(action_forms, actions, asks, exchange, proposals, marks)
