"""Facts were known from the day of the import that brought them, visits from their end."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

FACTS = ("CreditRecord", "Penalty", "Complaint", "SupervisedCase", "PositiveListEntry")


def fill(apps, schema_editor):
    changes = apps.get_model("registry", "RegisterChange").objects.filter(pk=OuterRef("change"))
    for name in FACTS:
        rows = apps.get_model("registry", name).objects.all()
        rows.update(known_since=Subquery(changes.values("on")[:1]))
    apps.get_model("registry", "PastVisit").objects.update(known_since=F("ended_on"))


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_registers_whole")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
