"""A developer's machine and the demo: private services under var/, the fictitious city, no secrets worth keeping."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403

DEBUG = env.flag("PORTAL_DEBUG", False)
DEMO = env.flag("PORTAL_DEMO", True)
DEMO_PASSWORD = env.text("PORTAL_DEMO_PASSWORD", "Demo-city-2026")
SECRET_KEY = env.text("PORTAL_SECRET_KEY", "insecure-demo-key")
QR_KEY = env.text("PORTAL_QR_KEY", "insecure-demo-qr-key")
ALLOWED_HOSTS = ["*"]

# Serve static files straight from the source tree; nothing to collect before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
