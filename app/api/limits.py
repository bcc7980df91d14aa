"""How much a body may be. Beyond it nothing is read, so that nobody can keep the service busy with one request."""

from typing import Final

MOST_VALUES: Final = 2_000
"""Texts, numbers, lists and so on in one body: many times what the largest questionnaire has answers."""
DEEPEST: Final = 40
"""Levels of lists and objects within each other."""
