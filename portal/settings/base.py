"""What every environment shares. No logic here: values, and the typed reading of them."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]
PORTAL_VAR = Path(env.text("PORTAL_VAR", str(BASE_DIR / "var"))).resolve()
env.load_notes(PORTAL_VAR / "services.env")

# The slices in rank order: each may use those above it in this list, never those below.
SLICES = [
    "portal.core",
    "portal.citypack",
    "portal.accounts",
    "portal.notices",
    "portal.ui",
    "projects.catalogue",
    "projects.registry",
    "projects.planning",
    "projects.archive",
    "blueprint.geometry",
    "blueprint.ground",
    "blueprint.layers",
    "blueprint.siting",
    "blueprint.checks",
    "blueprint.reports",
    "blueprint.citywide",
    "blueprint.ideas",
    "approvals.oneform",
    "approvals.deadlines",
    "approvals.applications",
    "approvals.review",
    "approvals.joint",
    "approvals.certificates",
    "approvals.push",
    "approvals.tracking",
    "approvals.window",
    "approvals.supervision",
    "approvals.reminders",
    "approvals.demo",
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "guardian",
    "rest_framework",
    "rest_framework.authtoken",
    "template_partials",
    *SLICES,
]

MIDDLEWARE = [
    "portal.core.middleware.RequestIdMiddleware",
    "portal.core.middleware.PlainTextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.middleware.ActorMiddleware",
    "portal.core.middleware.DomainErrorMiddleware",
    # Last, so that a locked-out login is answered after everything else had its say.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.city",
            ],
        },
    },
]

# --- storage ---------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        # The PostGIS engine serves plain tables as well; only blueprint/ uses its geometry.
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": env.text("PORTAL_DATABASE", "portal"),
        "HOST": env.text("PGHOST", str(PORTAL_VAR / "run")),
        "PORT": env.text("PGPORT", "5432"),
        "USER": env.text("PGUSER", "portal"),
        "PASSWORD": env.text("PGPASSWORD", ""),
        "CONN_MAX_AGE": env.number("PORTAL_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        # Just-in-time compilation costs more than it gives for queries of a few milliseconds.
        "OPTIONS": {"options": "-c jit=off"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("PORTAL_REDIS_URL", f"unix://{PORTAL_VAR}/run/redis.sock")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("PORTAL_CACHE_URL", f"{REDIS_URL}?db=3" if REDIS_URL.startswith("unix") else REDIS_URL),
        # Two databases on one server must not read each other's entries.
        "KEY_PREFIX": env.text("PORTAL_DATABASE", "portal"),
    }
}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_STORE = Path(env.text("PORTAL_FILES", str(PORTAL_VAR / "files")))
MEDIA_ROOT = FILE_STORE
MAX_UPLOAD_BYTES = env.number("PORTAL_MAX_UPLOAD_MB", 200) * 1024 * 1024
# Larger parts of a request go to a temporary file; other fields of a form stay small.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("PORTAL_STATIC", str(PORTAL_VAR / "static")))

# --- language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- people ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.accounts.backends.PasswordBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody is granted anything without a login
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = env.number("PORTAL_PROXIES", 0)
AXES_LOCKOUT_CALLABLE = "portal.accounts.lockout.response"
AXES_CLIENT_IP_CALLABLE = "portal.accounts.lockout.client_address"
# A try while locked out does not begin the wait anew, so the minutes the page tells are true.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the audit chain is the record of sign-ins
AXES_VERBOSE = False

# A session ends after this long without a click, and after this long in any case.
SESSION_IDLE_SECONDS = env.number("PORTAL_SESSION_IDLE_MINUTES", 30) * 60
SESSION_ABSOLUTE_SECONDS = env.number("PORTAL_SESSION_HOURS", 12) * 3600
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
# Browsers one person may be signed in with at a time; the newest stay.
SESSIONS_OF_STAFF = env.number("PORTAL_SESSIONS_OF_STAFF", 1)
SESSIONS_OF_APPLICANTS = env.number("PORTAL_SESSIONS_OF_APPLICANTS", 5)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Cookies do not know ports: two portals on one host need two names.
SESSION_COOKIE_NAME = env.text("PORTAL_COOKIE", "portal") + "_session"
CSRF_COOKIE_NAME = env.text("PORTAL_COOKIE", "portal") + "_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.ui.views.csrf_failure"

# --- browser security ------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: carries the small icons of the stylesheet; no script can hide in an image.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# --- machines --------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "portal.core.parsers.PlainJSONParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "portal.core.api.Page",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.core.api.exception_handler",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Construction project approval portal",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.core.schema.tell_refusals",
    ],
}

# --- work in the background ------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.text(
    "PORTAL_BROKER_URL",
    f"redis+socket://{REDIS_URL.removeprefix('unix://')}?virtual_host=1" if REDIS_URL.startswith("unix") else REDIS_URL,
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# Everything a worker listens to; bin/run and docker-compose.yml start workers for these.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"default": {}, "outbox": {}}
CELERY_TASK_ROUTES = {"portal.core.tasks.drain_outbox": {"queue": "outbox"}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Printing papers leaves memory behind; a fresh child costs two seconds now and then.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Seconds between two runs; the tasks themselves are idempotent and short.
CELERY_BEAT_SCHEDULE = {
    "drain the outbox": {"task": "portal.core.tasks.drain_outbox", "schedule": 5.0},
    "ask for project codes": {"task": "projects.registry.tasks.request_codes", "schedule": 15.0},
    "count the silence of departments about ideas": {"task": "blueprint.ideas.tasks.sweep", "schedule": 300.0},
    "compute whole-city checks": {"task": "blueprint.citywide.tasks.work", "schedule": 3.0},
    "fail checks whose process is gone": {"task": "blueprint.checks.tasks.fail_lost", "schedule": 60.0},
    "bring in uploaded layers": {"task": "blueprint.layers.tasks.run_imports", "schedule": 5.0},
    "do queued batch acts": {"task": "approvals.review.tasks.run_due_batches", "schedule": 2.0},
    "retry deliveries": {"task": "approvals.push.tasks.retry_failed", "schedule": 60.0},
    "derive due days anew": {"task": "approvals.review.tasks.recount", "schedule": 30.0},
    "end grants without their deferred material": {
        "task": "approvals.review.tasks.lapse_tolerances",
        "schedule": 900.0,
    },
    "release results kept back too long": {"task": "approvals.certificates.tasks.release_kept", "schedule": 900.0},
    "accept what nobody answered": {"task": "approvals.review.tasks.accept_silent", "schedule": 300.0},
    "remind of joint work": {"task": "approvals.joint.tasks.sweep", "schedule": 900.0},
    "remind of dates": {"task": "approvals.reminders.tasks.sweep", "schedule": 600.0},
    "return expired corrections": {"task": "approvals.applications.tasks.return_expired", "schedule": 900.0},
}

# --- the portal itself -----------------------------------------------------------------------------------------------

DEMO = False
DEMO_PASSWORD = ""  # the one password of all demo accounts; none, no demo accounts
# Called after each commit that left a message; empty = only the beat drains.
OUTBOX_NUDGE = "portal.core.tasks.nudge"
# Who builds core.actor.Actor from a user.
ACTOR_BUILDER = "portal.accounts.actors.build"
CITY_PACK = Path(env.text("PORTAL_PACK", str(BASE_DIR / "portal/citypack/packs/binhai")))
PUBLIC_URL = env.text("PORTAL_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
# How long a process may use the working-day calendar without asking whether a new one was loaded.
CALENDAR_RECHECK_SECONDS = 10.0
# The same for the version of the city pack, in what pages show.
PACK_RECHECK_SECONDS = 10.0
# Who issues project codes: "local" (a serial under a row lock) or "platform" (the provincial one).
CODE_ISSUER = env.text("PORTAL_CODE_ISSUER", "local")
PLATFORM_URL = env.text("PORTAL_PLATFORM_URL", "")
PLATFORM_TOKEN = env.text("PORTAL_PLATFORM_TOKEN", "")
PLATFORM_TIMEOUT_SECONDS = env.number("PORTAL_PLATFORM_TIMEOUT_SECONDS", 10)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("PORTAL_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # the printer tells each of its seven steps for every document, and the font tools each table
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
