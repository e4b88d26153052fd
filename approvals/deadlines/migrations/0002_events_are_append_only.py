"""Let the database itself refuse to change or remove what happened to a timer."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION deadlines_timerevent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'timer events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER deadlines_timerevent_no_change BEFORE UPDATE OR DELETE ON deadlines_timerevent
    FOR EACH ROW EXECUTE FUNCTION deadlines_timerevent_refuse();
"""

BACKWARD = """
DROP TRIGGER deadlines_timerevent_no_change ON deadlines_timerevent;
DROP FUNCTION deadlines_timerevent_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
