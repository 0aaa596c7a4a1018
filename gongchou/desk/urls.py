from django.urls import path

from gongchou.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views.board, name="board"),
    path("trail/", views.trail, name="trail"),
]
