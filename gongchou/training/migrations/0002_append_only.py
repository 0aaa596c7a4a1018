from django.db import migrations

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    """What was held, who was there and what was decided is never changed."""

    dependencies = [("training", "0001_initial")]

    operations = [
        migrations.RunPython(
            guard(
                "training_trainingevent",
                "training_trainingmaterial",
                "training_attendance",
                "training_eventwithdrawal",
                "training_goodpractice",
                "training_practiceverdict",
            ),
            migrations.RunPython.noop,
        )
    ]
