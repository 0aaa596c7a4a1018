import pytest
from django.db import transaction
from django_q.models import OrmQ, Schedule

from gongchou.config.job_table import JOBS
from gongchou.jobs.queue import enqueue, run
from gongchou.jobs.registry import Job, UnknownJob, function_of, table
from gongchou.jobs.schedules import keep_schedules

done: list[tuple[object, ...]] = []


def note(*arguments):
    done.append(arguments)


@pytest.fixture(autouse=True)
def _one_job(settings):
    done.clear()
    settings.JOBS = (Job(name="note", function="tests.jobs.test_queue.note", cron="0 4 * * *"),)


@pytest.mark.django_db
def test_a_job_is_kept_in_our_own_database():
    enqueue("note", 1, "二")
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_goes_with_the_transaction_that_asked_for_it():
    with transaction.atomic():
        enqueue("note")
        transaction.set_rollback(True)
    assert OrmQ.objects.count() == 0


def test_the_runner_calls_the_function_of_the_name():
    run("note", 1, "二")
    assert done == [(1, "二")]


def test_an_unknown_job_is_refused_at_once():
    with pytest.raises(UnknownJob):
        enqueue("dance")


def test_what_is_not_json_is_refused_at_once():
    with pytest.raises(TypeError):
        enqueue("note", object())


@pytest.mark.django_db
def test_schedules_are_those_of_the_table_and_no_others(settings):
    keep_schedules()
    keep_schedules()
    assert [row.name for row in Schedule.objects.all()] == ["note"]
    settings.JOBS = ()
    keep_schedules()
    assert not Schedule.objects.exists()


def test_every_job_of_the_product_can_be_found(settings):
    settings.JOBS = JOBS
    assert all(callable(function_of(name)) for name in table())
