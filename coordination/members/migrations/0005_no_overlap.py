"""PostgreSQL itself refuses two periods that the actions refuse; on SQLite the actions look under the write lock.

An agency belongs once on a day, one commission speaks for an agency, and a person has a role for an agency once. The extension btree_gist
(among PostgreSQL's own, and trusted: the owner of the database may add it) lets `=` stand beside `&&`; the way back leaves it, for it may have
been there before. Which agency a representation is for stands in another table, where a constraint cannot look: triggers write it beside
the commission, in `spoken_for`, which nobody else reads.
"""

from django.db import migrations

ADD = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE members_membership ADD CONSTRAINT members_membership_no_overlap
    EXCLUDE USING gist (agency_id WITH =, daterange(first_day, last_day, '[]') WITH &&)
    """,
    """
    ALTER TABLE members_appointment ADD CONSTRAINT members_appointment_no_overlap
    EXCLUDE USING gist (person_id WITH =, agency_id WITH =, role WITH =, daterange(first_day, last_day, '[]') WITH &&)
    """,
    "ALTER TABLE members_representation ADD COLUMN spoken_for bigint",
    """
    UPDATE members_representation SET spoken_for = members_commission.agency_id
    FROM members_commission WHERE members_commission.id = commission_id
    """,
    """
    ALTER TABLE members_representation ADD CONSTRAINT members_representation_no_overlap
    EXCLUDE USING gist (spoken_for WITH =, daterange(first_day, last_day, '[]') WITH &&)
    """,
    """
    CREATE FUNCTION members_representation_spoken_for() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT agency_id INTO NEW.spoken_for FROM members_commission WHERE id = NEW.commission_id FOR SHARE;
    RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER members_representation_spoken_for BEFORE INSERT OR UPDATE ON members_representation
    FOR EACH ROW EXECUTE FUNCTION members_representation_spoken_for()
    """,
    """
    CREATE FUNCTION members_commission_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE members_representation SET spoken_for = NEW.agency_id WHERE commission_id = NEW.id;
    RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER members_commission_moved AFTER UPDATE OF agency_id ON members_commission
    FOR EACH ROW EXECUTE FUNCTION members_commission_moved()
    """,
)
DROP = (
    "DROP TRIGGER members_commission_moved ON members_commission",
    "DROP FUNCTION members_commission_moved()",
    "DROP TRIGGER members_representation_spoken_for ON members_representation",
    "DROP FUNCTION members_representation_spoken_for()",
    "ALTER TABLE members_representation DROP COLUMN spoken_for",  # its constraint goes with it
    "ALTER TABLE members_appointment DROP CONSTRAINT members_appointment_no_overlap",
    "ALTER TABLE members_membership DROP CONSTRAINT members_membership_no_overlap",
)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in ADD:
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in DROP:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("members", "0004_commission_history")]
    operations = [migrations.RunPython(add, drop)]
