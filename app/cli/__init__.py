"""The command `enablers`: a third door. What a command needs is imported when it runs, so that all start quickly."""

from app.cli.commands import main

__all__ = ["main"]
