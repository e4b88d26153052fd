"""The ground floor: settings, composition root, and the slices every area stands on.

Owns: identity, audit, outbox, files, the city pack, notices, the look.
Does not own: any rule about projects, maps or approvals.
"""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
