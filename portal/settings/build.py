"""The building of an image: what production serves, without its secrets. Starts nothing and opens no connection."""

import secrets

from portal.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(50)
QR_KEY = secrets.token_urlsafe(50)
ALLOWED_HOSTS: list[str] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
