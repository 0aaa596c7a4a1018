import django.db.models.deletion
from django.db import migrations, models

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0013_process_append_only"),
        ("registry", "0014_asked_when"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteSafety",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_ref", models.CharField(max_length=40, verbose_name="登记人编号")),
                ("by_name", models.CharField(max_length=80, verbose_name="登记人")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                ("rules", models.CharField(blank=True, max_length=1000, verbose_name="安全规定")),
                ("gear", models.CharField(blank=True, max_length=500, verbose_name="防护用品")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="从哪里得知")),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.subject",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rules", ""), _negated=True),
                            models.Q(("gear", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="safety_says_something",
                    )
                ],
            },
        ),
        migrations.RunPython(guard("inspection_sitesafety"), migrations.RunPython.noop),
    ]
