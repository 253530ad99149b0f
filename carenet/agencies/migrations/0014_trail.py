"""What the database itself asks of each row that is added to the trail.

The time is the database's, whatever is sent. Where the transaction says who acts (`carenet.actor`), a row
about a person or a client is about that one. Its agency is the one that the transaction names
(`carenet.agency`), or else one that they belong to.
"""

from django.db import migrations

CHECK = """
CREATE FUNCTION audit_entry_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting text := nullif(current_setting('carenet.actor', true), '');
    agency text := nullif(current_setting('carenet.agency', true), '');
    belongs boolean;
BEGIN
    NEW.time := clock_timestamp();
    IF NEW.actor_kind NOT IN ('user', 'client') THEN
        RETURN NEW;
    END IF;
    IF acting <> NEW.actor_kind || ':' || NEW.actor_id THEN
        belongs := false;
    ELSIF NEW.agency_id IS NULL OR (acting IS NOT NULL AND NEW.agency_id::text = agency) THEN
        belongs := true;
    ELSIF NEW.actor_kind = 'user' THEN
        belongs := EXISTS (
            SELECT FROM agencies_membership
            WHERE user_id = NEW.actor_id::uuid AND agency_id = NEW.agency_id
        );
    ELSE
        belongs := EXISTS (
            SELECT FROM agencies_apiclient
            WHERE client_id = NEW.actor_id AND agency_id = NEW.agency_id
        );
    END IF;
    IF NOT belongs THEN
        RAISE EXCEPTION 'the trail takes no row of somebody else' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION audit_entry_check() FROM PUBLIC;
CREATE TRIGGER audit_entry_check BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_check();
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0013_operator_changes"), ("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            CHECK,
            "DROP TRIGGER audit_entry_check ON audit_entry; DROP FUNCTION audit_entry_check()",
        ),
    ]
