"""What is wrong with what somebody typed into a form, by its fields. Nothing was stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field, and what is wrong with it."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused, with every fault of it."""

    faults: tuple[FieldFault, ...]


def refuse_field(field: str, text: str) -> Refused:
    """Refuse because of one field; what is wrong becomes a sentence."""
    return Refused((FieldFault(field, text[:1].upper() + text[1:]),))
