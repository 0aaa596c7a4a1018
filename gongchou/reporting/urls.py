from django.urls import path

from gongchou.reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.home, name="home"),
    path("count/", views.count, name="count"),
    path("make/", views.make, name="make"),
    path("rates/", views.rates, name="rates"),
    path("cell/<str:key>/", views.cell, name="cell"),
    path("table/<str:ref>/", views.version, name="version"),
    path("<str:ref>.pdf", views.paper, name="paper"),
    path("table/<str:ref>/xlsx/", views.download, name="download"),
    path("table/<str:ref>/propose/", views.propose, name="propose"),
    path("table/<str:ref>/cell/<str:key>/", views.version_cell, name="version_cell"),
]
