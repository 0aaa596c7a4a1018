from django.conf import settings
from django.urls import include, path

from gongchou.config import health

urlpatterns = [path("healthz", health.healthz, name="healthz")]
if settings.BACK_OFFICE:
    urlpatterns += [
        path("", include("gongchou.accounts.urls")),
        path("", include("gongchou.desk.urls")),
    ]
