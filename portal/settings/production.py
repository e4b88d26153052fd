"""A server. Refuses to start with a default secret, DEBUG, or demo accounts."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings import env
from portal.settings.base import *  # noqa: F403

DEBUG = False
DEMO = False
SECRET_KEY = env.text("PORTAL_SECRET_KEY")
QR_KEY = env.text("PORTAL_QR_KEY")
ALLOWED_HOSTS = env.listing("PORTAL_HOSTS")
CSRF_TRUSTED_ORIGINS = env.listing("PORTAL_ORIGINS", f"https://{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS else "")

for _name, _value in (("PORTAL_SECRET_KEY", SECRET_KEY), ("PORTAL_QR_KEY", QR_KEY)):
    if len(_value) < 50 or len(set(_value)) < 5 or _value.startswith(("insecure", "change-me")):
        raise ImproperlyConfigured(f"{_name} must be a random secret of at least 50 characters, not a default")
if SECRET_KEY == QR_KEY:
    raise ImproperlyConfigured("PORTAL_SECRET_KEY and PORTAL_QR_KEY must differ")
for _name in ("PORTAL_DEBUG", "PORTAL_DEMO"):
    if env.flag(_name, False):
        raise ImproperlyConfigured(f"{_name} is not allowed in production")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("PORTAL_HOSTS must name the hosts this server answers for")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("PORTAL_HTTPS", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
# Whether the domain joins the browsers' preload list is for the domain's owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
