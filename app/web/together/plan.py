"""Every page of the action plan and of the asks, for the app to take in one. The order matters: words before ids."""

from fastapi import APIRouter

from app.web.together import action_forms, actions, asks

router = APIRouter()
for _part in (action_forms, actions, asks):
    router.include_router(_part.router)
