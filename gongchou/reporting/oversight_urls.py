"""Addresses of oversight: the same room, under an address of its own."""

from django.urls import path

from gongchou.reporting.views import assessments, leaks, oversight, rechecks

app_name = "oversight"
urlpatterns = [
    path("", oversight.home, name="home"),
    path("raise/", oversight.raise_alarms, name="raise_alarms"),
    path("alarms/<int:number>/close/", oversight.close, name="close_alarm"),
    path("settings/", oversight.settings, name="settings"),
    path("settings/set/", oversight.set_value, name="set_value"),
    path("leaks/", leaks.home, name="leaks"),
    path("leaks/run/", leaks.run, name="run_leak_test"),
    path("rechecks/", rechecks.home, name="rechecks"),
    path("rechecks/promise/", rechecks.promise, name="promise_recheck"),
    path("rechecks/<str:ref>/join/", rechecks.join, name="join_recheck"),
    path("rechecks/<str:ref>/close/", rechecks.close, name="close_recheck"),
    path("rechecks/<str:ref>/draw/", rechecks.draw, name="draw_recheck"),
    path("rechecks/<str:ref>/<int:number>/open/", rechecks.open_place, name="open_recheck"),
    path("rechecks/<str:ref>/<int:number>/", rechecks.record, name="recheck"),
    path("mine/", assessments.mine, name="mine"),
    path("assessments/", assessments.sheets, name="assessments"),
    path("assessments/make/", assessments.make, name="make_assessment"),
    path("assessments/<str:ref>/", assessments.sheet, name="assessment"),
    path("assessments/<str:ref>/appeal/", assessments.appeal, name="appeal"),
    path("assessments/<str:ref>/answer/<int:number>/", assessments.answer, name="answer_appeal"),
    path("tasks/", assessments.tasks, name="tasks"),
    path("tasks/set/", assessments.set_task, name="set_task"),
    path("tasks/<str:ref>/mended/", assessments.mended, name="mended"),
    path("tasks/<str:ref>/check/", assessments.check_task, name="check_task"),
    path("suspensions/", oversight.suspensions, name="suspensions"),
    path("suspensions/new/", oversight.suspend, name="suspend"),
    path("suspensions/<int:number>/lift/", oversight.lift, name="lift_suspension"),
]
