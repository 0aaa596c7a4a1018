from django.urls import path

from gongchou.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views.board, name="board"),
    path("board/clause/<str:key>/", views.clause, name="clause"),
    path("trail/", views.trail, name="trail"),
    path("trail/<int:seq>/", views.entry, name="entry"),
]
