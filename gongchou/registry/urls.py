from django.urls import path

from gongchou.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.subjects, name="subjects"),
    path("inspectors/", views.inspectors, name="inspectors"),
    path("items/", views.items, name="items"),
    path("items/<str:ref>/approve/", views.approve_items, name="approve_items"),
    path("import/", views.upload, name="upload"),
    path("import/<str:ref>/", views.batch, name="batch"),
    path("import/<str:ref>/commit/", views.commit, name="commit"),
    path("subjects/<str:ref>/", views.subject, name="subject"),
    path("subjects/<str:ref>/change/", views.change, name="change"),
]
