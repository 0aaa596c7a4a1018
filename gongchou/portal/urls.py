from django.urls import path

from gongchou.portal.views import copy, door, letters, public

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("results/", public.results, name="results"),
    path("results/<str:ref>/<int:number>/", public.result, name="result"),
    path("search/", copy.search, name="search"),
    path("search.js", copy.index, name="search_index"),
    path("draws/", public.draws, name="draws"),
    path("draws/log/", public.log, name="log"),
    path("plans/", public.plans, name="plans"),
    path("items/", public.items, name="items"),
    path("statistics/", public.statistics, name="statistics"),
    path("changes/", public.changes, name="changes"),
    path("documents/<str:ref>/", public.document, name="document"),
    path("documents/<str:ref>/document.json", public.document_json, name="document_json"),
    path("documents/<str:ref>/record.json", public.record_json, name="record_json"),
    path("data/", public.data, name="data"),
    path("data/schema.json", public.schema, name="schema"),
    path("data/<str:name>.csv", public.data_csv, name="data_csv"),
    path("data/<str:name>.json", public.data_json, name="data_json"),
    path("feed.atom", public.feed, name="feed"),
    path("door/", door.door, name="door"),
    path("door/send/", door.send, name="door_send"),
    path("door/rate/", door.rate, name="door_rate"),
    path("complaint/", letters.complain, name="complain"),
    path("conduct/", letters.conduct, name="conduct"),
    path("letter/", letters.standing, name="letter"),
    path("about/", public.about, name="about"),
]
