"""Questionnaires on disk -> validated questionnaires. Anything wrong refuses the start, with every fault at its place.

`source` bytes to text -> `yaml_reader`, `json_reader` text to a `tree` that knows its places -> `shapes` (the domain's
models), `…_checks` (what files say of each other) -> `files` one of each kind -> `folder` all of them -> `Catalogue`.
Beside them `snapshots` and `publishing` (what is frozen), `answers` (answers files), `schemas` (for editors).
"""

from app.catalogue.catalogue import Catalogue, Entry, QuestionnaireMissingError, Reference
from app.catalogue.faults import CatalogueError, Fault
from app.catalogue.folder import find_faults, get_questionnaire, load, load_questionnaire_file

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Entry",
    "Fault",
    "QuestionnaireMissingError",
    "Reference",
    "find_faults",
    "get_questionnaire",
    "load",
    "load_questionnaire_file",
]
