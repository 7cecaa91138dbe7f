"""Settings that are the same wherever the site runs. dev, test and production each say only what they change."""

from django.utils.csp import CSP

from config import env, logs

BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir()

_site = env.site_url()
SITE_URL = _site.geturl()
WAGTAILADMIN_BASE_URL = SITE_URL
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or [str(_site.hostname)]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "home",
    "review",
    "release",
    "purchases",
    "learning",
    "courses",
    "library",
    "access",
    "mail",
    "theme",
    "wagtail_cloudinary",
    "tailwind",
    "wagtail.contrib.settings",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "django_htmx",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "config.middleware.isolation",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "config.middleware.sound_session_cookie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.bodies.limit",
    "config.middleware.admin_policy",
    "config.middleware.LargestIdMiddleware",
    "config.middleware.AdminInputMiddleware",
    "library.middleware.name_redirects",
    "django_htmx.middleware.HtmxMiddleware",
    "access.staff_accounts.login.StaffLoginMiddleware",
    "access.middleware.EmailGateMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    }
]

DATABASES = env.databases(DATA_DIR)
if "postgresql" in DATABASES["default"]["ENGINE"]:
    INSTALLED_APPS.append("django.contrib.postgres")  # Wagtail's search asks for it there, and only there
CACHES = env.caches()
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Tasks are rows in the database; `manage.py run_worker` runs them, `manage.py run_due` finds what was missed.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "access.staff_accounts.demo_password.NotTheDemoPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["access.staff_accounts.login.StaffBackend"]
# A day, as the limit of mails to one address: where strangers use that up, a link that still works is in the mailbox.
PASSWORD_RESET_TIMEOUT = 24 * 3600
DEMO_PASSWORD = "lectern-demo"  # noqa: S105 (everybody knows it, so it opens nothing where the site isn't local)

LANGUAGE_CODE = "en"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Mail
MAILERS = env.mailers(DATA_DIR, env.text("MAIL_URL"))
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"Lectern <courses@{_site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Files. Public media may be kept by anyone; private files leave only through library.views, after the policy.
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"
# With CLOUDINARY_URL they are stored there instead (docs/media.md).
CLOUDINARY_URL = env.cloudinary_url()
CLOUDINARY_STORAGES = env.STORAGES  # both sides of each, for move_media
STORAGES = {
    **{alias: sides["cloudinary" if CLOUDINARY_URL else "local"] for alias, sides in CLOUDINARY_STORAGES.items()},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_HOSTS = env.media_hosts(CLOUDINARY_URL)
VIDEO_MAX_BYTES = 2 * 1024**3
DOCUMENT_MAX_BYTES = 100 * 1024**2
MEDIA_SECONDS = env.number("MEDIA_SECONDS", 10 * 60)  # how long a URL of a locked video works
X_ACCEL_PREFIX = env.text("X_ACCEL_PREFIX")  # where nginx finds PRIVATE_ROOT, for itself alone (docs/nginx.conf)
WHITENOISE_ALLOW_ALL_ORIGINS = False  # its default invites every other site to read them
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "library.storage.TemporaryUploadHandler",
]
# The largest bodies of requests, as docs/nginx.conf has them too: anybody's, and what staff send to the admin.
PUBLIC_BODY_BYTES = 256 * 1024
STAFF_BODY_BYTES = VIDEO_MAX_BYTES + 1024**2  # a video and the form around it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor sends thousands

# The gate (access)
VERIFICATION_SECONDS = env.number("VERIFICATION_SECONDS", 15 * 60)
CODE_IN_SUBJECT = env.flag("CODE_IN_SUBJECT", default=True)  # of mails to sign in and to buy: a notification shows it
LEARNER_IDLE_SECONDS = env.number("LEARNER_IDLE_SECONDS", 12 * 3600)
LEARNER_MAX_SECONDS = env.number("LEARNER_MAX_SECONDS", 7 * 24 * 3600)
LEARNER_KEEP_SECONDS = env.number("LEARNER_KEEP_SECONDS", 30 * 24 * 3600)  # who asks to stay signed in; 0: nobody may
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
# Pairs of (how many, in how many seconds).
LIMITS_PER_ADDRESS = [(3, 15 * 60), (10, 24 * 3600)]
LIMITS_PER_NETWORK = [(30, 10 * 60)]
LIMITS_FOR_ALL = [(env.number("MAILS_PER_HOUR", 1000), 3600)]
# How often staff may try to sign in: from one network; under one name, from one network or in one browser that has
# signed in before; and under one name from all other browsers together (SECURITY.md says what that comes to).
LOGINS_PER_NETWORK = [(30, 10 * 60)]
LOGINS_PER_NAME_AND_PLACE = [(10, 10 * 60), (60, 24 * 3600)]
LOGINS_PER_NAME = [(200, 24 * 3600)]
# Wrong codes, from browsers that never proved the address: of one network, and of all. A day's worth of the latter must
# stay under a thousandth of all codes (docs/decisions/0012-a-budget-of-wrong-codes.md).
LIMITS_WRONG_CODES_PER_NETWORK = [(10, 3600), (20, 24 * 3600)]
LIMITS_WRONG_CODES_FOR_ALL = [(36, 3600)]
LIMIT_LOOPBACK = True
# How long rows are kept that nobody needs any more, in days (docs/privacy.md).
KEEP_UNVERIFIED_DAYS = env.number("KEEP_UNVERIFIED_DAYS", 7)
KEEP_ENDED_DAYS = env.number("KEEP_ENDED_DAYS", 30)
KEEP_PROGRESS_DAYS = env.number("KEEP_PROGRESS_DAYS", 730)
LEARNER_COOKIE = "learner"
ASKER_COOKIE = "asker"
STAFF_BROWSER_COOKIE = "staff_browser"
STAFF_BROWSER_SECONDS = 180 * 24 * 3600
PROOFS_COOKIE = "proofs"

# Learning: how often a lesson’s progress may be posted, in how many seconds, and how much at once.
LIMIT_PROGRESS = (20, 60)
PROGRESS_BODY_BYTES = 16 * 1024

# Purchases
CURRENCY = env.currency()  # what a new price is in
STRIPE_SECRET_KEY = env.stripe_secret_key()
STRIPE_WEBHOOK_SECRETS = env.names("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.stripe_api_base()

# Cookies. SameSite=Lax: a link in a mail must arrive with the asker's cookie.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

# Headers
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", *MEDIA_HOSTS],
    "media-src": [CSP.SELF, *MEDIA_HOSTS],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# What pages may use of the device: to show a lesson, the screen.
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")),
        'fullscreen=(self "https://www.youtube-nocookie.com" "https://player.vimeo.com")',
    ]
)
# Wagtail's admin writes inline script and style, and frames its own previews.
ADMIN_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:", *MEDIA_HOSTS],
    "media-src": [CSP.SELF, "blob:", *MEDIA_HOSTS],
    "font-src": [CSP.SELF, "data:"],
    "frame-src": [CSP.SELF, "https://www.youtube-nocookie.com", "https://player.vimeo.com"],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}

IS_LOCAL = False

# Look
TAILWIND_APP_NAME = "theme"

# Wagtail
WAGTAIL_SITE_NAME = "Lectern"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "access.staff.forms.NewPasswordForm"  # noqa: S105 (a form)
WAGTAIL_FINISH_WORKFLOW_ACTION = "review.publishing.publish_what_was_reviewed"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True  # an approval holds for the revision it was given to
WAGTAILIMAGES_IMAGE_MODEL = "library.CustomImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "library.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "library.CustomDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "library.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILMEDIA = {
    "MEDIA_MODEL": "library.Video",
    "MEDIA_FORM_BASE": "library.forms.VideoForm",
    "VIDEO_EXTENSIONS": ["mp4", "webm"],
    "AUDIO_EXTENSIONS": [],
}
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []  # players are built from the address; the server fetches nothing
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "courses.staff.rich_text.RichTextArea"}}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "config.search"}}

LOGGING = logs.LOGGING
