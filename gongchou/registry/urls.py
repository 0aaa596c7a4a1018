from django.urls import path

from gongchou.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.subjects, name="subjects"),
    path("inspectors/", views.inspectors, name="inspectors"),
    path("import/", views.upload, name="upload"),
    path("import/<str:ref>/", views.batch, name="batch"),
    path("import/<str:ref>/commit/", views.commit, name="commit"),
    path("subjects/<str:ref>/", views.subject, name="subject"),
]
