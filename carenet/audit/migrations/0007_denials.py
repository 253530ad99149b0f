"""What was refused: little among what was read."""

from django.db import migrations

MAKE = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_denials
ON audit_entry (time DESC, id DESC) WHERE deed = 'denial'
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS audit_entry_denials"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0006_by_action")]
    operations = [migrations.RunSQL(MAKE, DROP)]
