"""What stands behind the scripts in bin/: set-up, private services, the running portal.

Owns: system packages, .venv, the PostgreSQL and Redis under var/, the processes of `bin/run`.
Does not own: anything Django knows; it is asked through manage.py.
Runs on the standard library alone, because it is what installs everything else.
"""
