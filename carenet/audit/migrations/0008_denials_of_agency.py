"""What was refused to one agency."""

from django.db import migrations

MAKE = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_agency_denials
ON audit_entry (agency_id, time DESC, id DESC) WHERE deed = 'denial'
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS audit_entry_agency_denials"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0007_denials")]
    operations = [migrations.RunSQL(MAKE, DROP)]
