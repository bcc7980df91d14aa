"""Every page of the action plan, the asks and learning from others, for the app to take in one; words before ids."""

from fastapi import APIRouter

from app.web.together import action_forms, actions, asks, exchange, marks, proposals

router = APIRouter()
for _part in (action_forms, actions, asks, exchange, proposals, marks):
    router.include_router(_part.router)
