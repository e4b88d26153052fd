"""The database as a test finds it: the demo pack and nothing else.

Tests with real transactions leave rows behind. Django would truncate every table and build permissions and content
types anew, and the pack would have to be loaded again: seconds, a hundred times. Instead the rows that belong here are
kept beside the tables, in a schema of their own, and put back.
"""

from django.db import connection

_TABLES = """
    SELECT c.relname, (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    )
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> 'django_migrations'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname
"""


def keep() -> None:
    """Remember all rows there are now."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS pristine CASCADE; CREATE SCHEMA pristine")
        cursor.execute(_TABLES)
        for table, columns in cursor.fetchall():
            cursor.execute(f'CREATE UNLOGGED TABLE pristine."{table}" AS SELECT {columns} FROM public."{table}"')


def restore(_case: object = None) -> None:
    """Put back exactly the rows that were kept, past triggers and keys: final rows go as well."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        columns_of = dict(cursor.fetchall())
        where = " UNION ALL ".join(
            f'SELECT \'{table}\', EXISTS (SELECT FROM public."{table}"), EXISTS (SELECT FROM pristine."{table}")'
            for table in columns_of
        )
        cursor.execute(where)
        statements = []
        for table, is_filled, was_filled in cursor.fetchall():
            if is_filled:
                statements.append(f'DELETE FROM public."{table}"')
            if was_filled:
                columns = columns_of[table]
                statements.append(f'INSERT INTO public."{table}" ({columns}) SELECT {columns} FROM pristine."{table}"')
        cursor.execute("BEGIN; SET LOCAL session_replication_role = replica; " + "; ".join([*statements, "COMMIT"]))
