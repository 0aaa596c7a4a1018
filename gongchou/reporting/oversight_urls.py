"""Addresses of oversight: the same room, under an address of its own."""

from django.urls import path

from gongchou.reporting.views import oversight

app_name = "oversight"
urlpatterns = [
    path("", oversight.home, name="home"),
    path("raise/", oversight.raise_alarms, name="raise_alarms"),
    path("alarms/<int:number>/close/", oversight.close, name="close_alarm"),
    path("settings/", oversight.settings, name="settings"),
    path("settings/set/", oversight.set_value, name="set_value"),
    path("suspensions/", oversight.suspensions, name="suspensions"),
    path("suspensions/new/", oversight.suspend, name="suspend"),
    path("suspensions/<int:number>/lift/", oversight.lift, name="lift_suspension"),
]
