"""Measurements, run by `bin/bench NAME --json` in a database of their own. Nothing here is a test.

One module per bench with a function `run()` that yields `Measurement`s. `floor` is the same work in plain psycopg2,
with the same rows and commits, measured in the same run; `ratio` = value / floor; `sql` counts statements without
BEGIN and COMMIT.
"""
