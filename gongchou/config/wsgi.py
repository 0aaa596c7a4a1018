"""The WSGI application; started by `gongchou serve`, or by another server of the operator's."""

import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from gongchou.config.safety import dangers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongchou.config.settings")
os.environ["GONGCHOU_PROCESS"] = "web"
application = get_wsgi_application()

if found := dangers(settings.ENVIRONMENT):
    print(*found, sep="\n", file=sys.stderr)
    raise SystemExit(2)
