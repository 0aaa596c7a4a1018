"""How words of the glossary stand in the database."""

from django.db import models

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def words(term: type[terms.Term], label: str) -> models.CharField:
    """A field that holds one word of the glossary, or nothing."""
    return models.CharField(label, max_length=30, choices=choices(term), blank=True)
