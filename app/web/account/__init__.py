"""Getting in and out, one's own account, and stepping in at the demonstration."""

from fastapi import APIRouter

from app.web.account import demonstration, own, provider, signing_in

router = APIRouter()
for module in (provider, signing_in, own, demonstration):
    router.include_router(module.router)
