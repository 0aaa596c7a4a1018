"""Which named jobs exist and when they run by themselves.

The table itself stands in the settings, because only `config` knows every room.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


class UnknownJob(LookupError):
    """No job of this name is in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A function that may be run twice without harm, and its place in the clock (cron) if any."""

    name: str
    function: str
    cron: str = ""


def table() -> dict[str, Job]:
    return {job.name: job for job in settings.JOBS}


def function_of(name: str) -> Callable[..., None]:
    job = table().get(name)
    if job is None:
        raise UnknownJob(name)
    found: Callable[..., None] = import_string(job.function)
    return found


def check_arguments(arguments: tuple[object, ...]) -> None:
    """Jobs travel as JSON: anything else is a mistake of the caller."""
    json.dumps(arguments, allow_nan=False)
