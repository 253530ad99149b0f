"""When the database itself has taken a row, beside the time that the service gives.

No row is refused, and no row is rewritten: those from before have none. The release before goes on
writing as it did.
"""

from django.db import migrations, models

STAMP = """
CREATE FUNCTION audit_entry_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.written_at := clock_timestamp();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION audit_entry_stamp() FROM PUBLIC;
CREATE TRIGGER audit_entry_stamp BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_stamp();
"""
BACK = """
DROP TRIGGER audit_entry_stamp ON audit_entry;
DROP FUNCTION audit_entry_stamp();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_entry ADD COLUMN written_at timestamptz",
            "ALTER TABLE audit_entry DROP written_at",
            state_operations=[
                migrations.AddField(
                    "auditentry", "written_at", models.DateTimeField(editable=False, null=True)
                )
            ],
        ),
        migrations.RunSQL(STAMP, BACK),
    ]
