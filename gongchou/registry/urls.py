from django.urls import path, re_path

from gongchou.registry.views import imports, items, people, recusals, registers

app_name = "registry"
urlpatterns = [
    path("", registers.subjects, name="subjects"),
    path("inspectors/", people.inspectors, name="inspectors"),
    path("recusals/", recusals.recusals, name="recusals"),
    path("recusals/new/", recusals.declare, name="declare_recusal"),
    re_path(
        r"^recusals/(?P<ref>[\w-]+)/(?P<act>confirm|refuse|end)/$",
        recusals.decide,
        name="decide_recusal",
    ),
    path("items/", items.items, name="items"),
    path("items/<str:ref>/approve/", items.approve_items, name="approve_items"),
    path("import/", imports.upload, name="upload"),
    path("import/<str:ref>/", imports.batch, name="batch"),
    path("import/<str:ref>/commit/", imports.commit, name="commit"),
    path("subjects/<str:ref>/", registers.subject, name="subject"),
    path("subjects/<str:ref>/change/", registers.change, name="change"),
]
