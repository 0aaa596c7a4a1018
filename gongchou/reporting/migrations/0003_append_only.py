from django.db import migrations

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    """What was made, sent and received is never changed."""

    dependencies = [("reporting", "0002_summaries_and_packages")]

    operations = [
        migrations.RunPython(
            guard(
                "reporting_statisticstable",
                "reporting_summaryversion",
                "reporting_package",
                "reporting_packagefile",
                "reporting_sending",
                "reporting_receipt",
            ),
            migrations.RunPython.noop,
        )
    ]
