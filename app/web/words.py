"""Dates and times as people read them, for the pages: UK time."""

from app.domain.times import UK, date_words, moment_words, time_words

__all__ = ["UK", "date_words", "moment_words", "time_words"]
