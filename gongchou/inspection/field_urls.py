from django.urls import path

from gongchou.inspection import api
from gongchou.inspection.shell import shell

app_name = "field"
urlpatterns = [
    path("", shell, name="home"),
    path("api/session", api.session, name="session"),
    path("api/leases", api.take_lease, name="take_lease"),
    path("api/leases/end", api.give_back, name="give_back"),
    path("api/visits", api.visits, name="visits"),
    path("api/pin", api.signing_pin, name="signing_pin"),
    path("api/operations", api.operations, name="operations"),
    path("api/pieces/<str:lease>/<str:name>", api.pieces, name="pieces"),
    path("api/pieces/<str:lease>/<str:name>/<int:index>/<int:total>", api.piece, name="piece"),
    path("<str:name>", shell, name="file"),
]
