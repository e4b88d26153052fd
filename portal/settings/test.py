"""The test suite: a real PostgreSQL, nothing else that is shared."""

import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403

DEBUG = False
DEMO = True
DEMO_PASSWORD = "Demo-city-2026"
SECRET_KEY = "insecure-test-key"
QR_KEY = "insecure-test-qr-key"
ALLOWED_HOSTS = ["*"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Nothing listens: tests drain the outbox themselves, at the time they choose.
CELERY_BROKER_URL = "memory://"
OUTBOX_NUDGE = ""
FILE_STORE = MEDIA_ROOT = Path(tempfile.gettempdir()) / "portal-test-files"
AXES_ENABLED = False
# Each test sees its own rows.
CALENDAR_RECHECK_SECONDS = PACK_RECHECK_SECONDS = 0.0
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

OUTBOX_NUDGE = ""  # tests drain the outbox themselves
