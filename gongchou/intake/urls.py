from django.urls import path

from gongchou.intake.views import conduct

app_name = "intake"
urlpatterns = [
    path("", conduct.own, name="own"),
    path("declare/", conduct.declare, name="declare"),
    path("report/", conduct.report, name="report_conduct"),
    path("declarations/", conduct.declarations, name="declarations"),
    path("reports/", conduct.reports, name="reports"),
    path("reports/<str:ref>/", conduct.one_report, name="report"),
    path("reports/<str:ref>/act/", conduct.act, name="report_act"),
    path("reports/<str:ref>/identity/", conduct.identity, name="identity"),
]
