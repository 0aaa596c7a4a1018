from django.urls import path

from gongchou.drawing import paper_views

app_name = "draw_papers"
urlpatterns = [
    path("<str:ref>/papers/", paper_views.listed, name="papers"),
    path("<str:ref>/papers/<str:name>.pdf", paper_views.paper, name="paper"),
]
