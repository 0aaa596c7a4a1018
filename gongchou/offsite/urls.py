from django.urls import path

from gongchou.offsite import views

app_name = "offsite"
urlpatterns = [
    path("", views.board, name="board"),
    path("<str:quarter>/new/<str:subject>/", views.record, name="record"),
    path("check/<str:ref>/", views.check, name="check"),
    path("check/<str:ref>/conclude/", views.conclude, name="conclude"),
    path("check/<str:ref>/replace/", views.replace, name="replace"),
]
