from django.urls import path

from gongchou.planning import views

app_name = "planning"
urlpatterns = [
    path("", views.quarter, name="quarter"),
    path("compute/", views.compute, name="compute"),
    path("<str:ref>/approve/", views.approve, name="approve"),
    path("<str:ref>/void/", views.void, name="void"),
]
