from django.db import migrations

SQLITE = """
CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
"""
POSTGRESQL = [
    """
    CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()
    """,
]


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = [SQLITE.format(verb=verb) for verb in ("UPDATE", "DELETE")]
    else:
        statements = POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
