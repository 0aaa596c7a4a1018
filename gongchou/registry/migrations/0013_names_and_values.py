"""An index that answers a part of a name; what filters offer, from what is there."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TEXTS = ("grid", "industry_code", "region_code")


def offer(apps: Any, schema_editor: Any) -> None:
    versions = apps.get_model("registry", "SubjectVersion").objects
    values = apps.get_model("registry", "OccurringValue")
    for name in TEXTS:
        known = versions.exclude(**{name: ""}).values_list("bureau_id", name).distinct().order_by()
        values.objects.bulk_create(
            (values(bureau_id=owner, field=name, value=value) for owner, value in known),
            batch_size=500,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("registry", "0012_batch_findings"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="subjectversion", name="subjects_by_name"),
        migrations.AddIndex(
            model_name="subjectversion",
            index=models.Index(fields=["bureau", "name", "initials"], name="subjects_by_names"),
        ),
        migrations.CreateModel(
            name="OccurringValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=40, verbose_name="标识")),
                ("value", models.CharField(max_length=40, verbose_name="取值")),
                (
                    "bureau",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.bureau",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bureau", "field", "value"), name="one_value_a_field"
                    )
                ],
            },
        ),
        migrations.RunPython(offer, migrations.RunPython.noop),
    ]
