"""One kind of change, print or export, the newest first."""

from django.db import migrations

MAKE = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_action
ON audit_entry (action, time DESC, id DESC)
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS audit_entry_action"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0005_by_actor")]
    operations = [migrations.RunSQL(MAKE, DROP)]
