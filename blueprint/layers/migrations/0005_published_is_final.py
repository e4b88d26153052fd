"""Let the database itself refuse to change or remove a published edition or its features."""

from django.db import migrations

# Inserting is not asked: a million rows come by COPY, and an import writes into an edition of its own only.
FORWARD = """
CREATE FUNCTION layers_edition_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published editions are final' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION layers_feature_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM layers_edition WHERE id = OLD.edition_id AND state = 'published') THEN
        RAISE EXCEPTION 'features of published editions are final' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER layers_edition_is_final BEFORE UPDATE OR DELETE ON layers_edition
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION layers_edition_refuse();
CREATE TRIGGER layers_feature_is_final BEFORE UPDATE OR DELETE ON layers_feature
    FOR EACH ROW EXECUTE FUNCTION layers_feature_refuse();
"""

BACKWARD = """
DROP TRIGGER layers_feature_is_final ON layers_feature;
DROP TRIGGER layers_edition_is_final ON layers_edition;
DROP FUNCTION layers_feature_refuse();
DROP FUNCTION layers_edition_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("layers", "0004_keeper_and_long_words")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
