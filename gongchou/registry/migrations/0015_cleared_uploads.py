from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0014_asked_when"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="cleared_at",
            field=models.DateTimeField(null=True, verbose_name="清除原文件的时间"),
        ),
    ]
