from django.urls import path

from gongchou.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("results/", views.results, name="results"),
    path("results/<str:ref>/<int:number>/", views.result, name="result"),
    path("draws/", views.draws, name="draws"),
    path("draws/log/", views.log, name="log"),
    path("plans/", views.plans, name="plans"),
    path("items/", views.items, name="items"),
    path("statistics/", views.statistics, name="statistics"),
    path("changes/", views.changes, name="changes"),
    path("documents/<str:ref>/", views.document, name="document"),
    path("documents/<str:ref>/document.json", views.document_json, name="document_json"),
    path("documents/<str:ref>/record.json", views.record_json, name="record_json"),
    path("data/", views.data, name="data"),
    path("data/schema.json", views.schema, name="schema"),
    path("data/<str:name>.csv", views.data_csv, name="data_csv"),
    path("data/<str:name>.json", views.data_json, name="data_json"),
    path("feed.atom", views.feed, name="feed"),
    path("about/", views.about, name="about"),
]
