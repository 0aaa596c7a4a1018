"""What was sent in, and what is kept about conduct."""

from gongchou.intake.models.conduct import (
    DisciplineReport,
    IntegrityEntry,
    ReportStep,
    Suspension,
)
from gongchou.intake.models.letters import (
    Letter,
    LetterFile,
    LetterNews,
    LetterStep,
    RatingCount,
    SpentRating,
)

__all__ = [
    "DisciplineReport",
    "IntegrityEntry",
    "Letter",
    "LetterFile",
    "LetterNews",
    "LetterStep",
    "RatingCount",
    "ReportStep",
    "SpentRating",
    "Suspension",
]
