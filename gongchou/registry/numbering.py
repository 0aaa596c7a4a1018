"""Numbers of refs. The counter's row is taken before it is read, so two never get the same one."""

from django.db import IntegrityError, models, transaction
from django.db.models import F

from gongchou.accounts.models import Bureau
from gongchou.registry.models import RefCounter


def take(owner: Bureau, letter: str, kind: type[models.Model] | None = None, count: int = 1) -> int:
    """The first of `count` new numbers under a letter; the row stays ours until the act ends."""
    rows = RefCounter.objects.filter(bureau=owner, letter=letter)
    if not rows.update(last=F("last") + count):
        _begin(owner, letter, kind)
        rows.update(last=F("last") + count)
    return rows.get().last - count + 1


def _begin(owner: Bureau, letter: str, kind: type[models.Model] | None) -> None:
    """Go on from what stands there; another may have begun in the same moment."""
    there = kind._default_manager.filter(bureau=owner).count() if kind else 0
    try:
        with transaction.atomic():
            RefCounter.objects.create(bureau=owner, letter=letter, last=there)
    except IntegrityError:
        return
