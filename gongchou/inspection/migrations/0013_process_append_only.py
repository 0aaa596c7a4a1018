from django.db import migrations

from gongchou.audit.append_only import guard, guard_again


class Migration(migrations.Migration):
    dependencies = [("inspection", "0012_process")]
    operations = [
        migrations.RunPython(
            guard(
                "inspection_visitapproval",
                "inspection_visitreceipt",
                "inspection_visitreminder",
                "inspection_camerareference",
                "inspection_followupphoto",
                "inspection_transferreceipt",
                "inspection_externalnumber",
            ),
            migrations.RunPython.noop,
        ),
        migrations.RunPython(guard_again("inspection_fieldoperation"), migrations.RunPython.noop),
    ]
