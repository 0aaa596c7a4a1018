import django.db.models.deletion
from django.db import migrations, models

from gongchou.audit.append_only import guard_again


class Migration(migrations.Migration):
    """A summary may go ahead of its table."""

    dependencies = [("reporting", "0009_leak_tests_append_only")]

    operations = [
        migrations.AlterField(
            model_name="package",
            name="statistics",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reporting.statisticstable",
            ),
        ),
        migrations.RunPython(guard_again("reporting_package"), migrations.RunPython.noop),
    ]
