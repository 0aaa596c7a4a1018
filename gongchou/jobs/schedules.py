"""Work that is due by the clock."""

from django.db import transaction
from django_q.models import Schedule

from gongchou.jobs.queue import RUN
from gongchou.jobs.registry import table


@transaction.atomic
def keep_schedules() -> None:
    """Make the stored schedules equal to the table: new in, changed put right, rest out."""
    wanted = {job.name: job for job in table().values() if job.cron}
    Schedule.objects.filter(func=RUN).exclude(name__in=wanted).delete()
    for job in wanted.values():
        Schedule.objects.update_or_create(
            name=job.name,
            func=RUN,
            defaults={"args": repr((job.name,)), "schedule_type": Schedule.CRON, "cron": job.cron},
        )
