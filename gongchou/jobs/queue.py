"""The one door to background work."""

from django_q.tasks import async_task

from gongchou.jobs.registry import check_arguments, function_of

RUN = "gongchou.jobs.queue.run"


def enqueue(name: str, *arguments: object) -> None:
    """Run a named job soon, at least once; it goes with the transaction it was asked for in."""
    function_of(name)
    check_arguments(arguments)
    async_task(RUN, name, *arguments, task_name=name, group=name)


def run(name: str, *arguments: object) -> None:
    """What the job runner calls."""
    function_of(name)(*arguments)
