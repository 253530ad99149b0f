"""The trail's table, and what the application's database role may do at all.

`DATABASE_OWNER_URL` migrates, `DATABASE_URL` is the application's role: it may read and write the
tables that the owner made, but it may only add to the trail and read it.
"""

import django.contrib.postgres.fields
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

TABLE = """
CREATE TABLE audit_entry (
    time timestamptz NOT NULL,
    id uuid NOT NULL,
    deed varchar(8) NOT NULL CHECK (deed IN ('write', 'read', 'denial')),
    action varchar(100) NOT NULL,
    actor_kind varchar(10) NOT NULL CHECK (actor_kind IN ('user', 'client', 'system', 'anonymous')),
    actor_id varchar(40) NOT NULL,
    agency_id uuid,
    claimed_person varchar(100) NOT NULL,
    purpose varchar(200) NOT NULL,
    object_kind varchar(40) NOT NULL,
    object_ids uuid[] NOT NULL,
    detail jsonb NOT NULL,
    address inet,
    request_id varchar(40) NOT NULL,
    PRIMARY KEY (time, id)
);
CREATE INDEX audit_entry_agency ON audit_entry (agency_id, time DESC, id DESC);
CREATE INDEX audit_entry_objects ON audit_entry USING gin (object_ids);
"""


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASE_APP_ROLE)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        f"REVOKE ALL ON audit_entry FROM {role}",
        f"GRANT SELECT, INSERT ON audit_entry TO {role}",
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        # Django knows the model, but the table is ours to make.
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "time",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("time", models.DateTimeField()),
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7)),
                (
                    "deed",
                    models.CharField(
                        choices=[("write", "write"), ("read", "read"), ("denial", "denial")],
                        max_length=8,
                    ),
                ),
                ("action", models.CharField(max_length=100)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.CharField(blank=True, max_length=40)),
                ("agency_id", models.UUIDField(null=True)),
                ("claimed_person", models.CharField(blank=True, max_length=100)),
                ("purpose", models.CharField(blank=True, max_length=200)),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                (
                    "object_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("detail", models.JSONField(default=dict)),
                ("address", models.GenericIPAddressField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=40)),
            ],
            options={"db_table": "audit_entry", "managed": False},
        ),
        migrations.RunSQL(TABLE, "DROP TABLE audit_entry"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
