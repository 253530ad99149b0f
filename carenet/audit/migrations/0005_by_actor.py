"""What one person or system has done, the newest first."""

from django.db import migrations

MAKE = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_actor
ON audit_entry (actor_id, time DESC, id DESC)
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS audit_entry_actor"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0004_by_who_acts")]
    operations = [migrations.RunSQL(MAKE, DROP)]
