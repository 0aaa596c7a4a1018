from django.core.management.color import no_style
from django.db import migrations

KINDS = ("AdoptedPolicy", "RecordedRuling")


def copy(apps, schema_editor):
    """Every row with its own key, so that whatever names it goes on naming it."""
    connection = schema_editor.connection
    moved = [apps.get_model("registry", kind) for kind in KINDS]
    for kind, target in zip(KINDS, moved, strict=True):
        rows = apps.get_model("planning", kind).objects.order_by("pk").values()
        target.objects.bulk_create([target(**row) for row in rows])
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), moved):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0005_clause_text"),
        ("registry", "0009_policy_in_force"),
    ]

    operations = [migrations.RunPython(copy)]
