"""Whoever acts in a transaction, and nobody else, stands in the rows that it adds to the trail.

`carenet.acting` is "kind:id:agency" for a unit of work, "system::" for a connection of this service that
has not said otherwise. The release before knows nothing of it and is not asked: its rows go in as they
did, until the next release refuses what says nothing.
"""

from django.db import migrations

CHECK = """
CREATE FUNCTION audit_entry_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    acting text := nullif(current_setting('carenet.acting', true), '');
    whose text := concat(NEW.actor_kind, ':', NEW.actor_id, ':', NEW.agency_id);
BEGIN
    IF acting IS NULL OR acting = whose THEN
        RETURN NEW;
    END IF;
    -- The service itself works for every agency, and answers whoever is not signed in.
    IF acting = 'system::' AND NEW.actor_id = '' AND NEW.actor_kind IN ('system', 'anonymous') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the trail takes no row of somebody who does not act'
        USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION audit_entry_check() FROM PUBLIC;
CREATE TRIGGER audit_entry_check BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_check();
"""
BACK = """
DROP TRIGGER audit_entry_check ON audit_entry;
DROP FUNCTION audit_entry_check();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_no_check")]
    operations = [migrations.RunSQL(CHECK, BACK)]
