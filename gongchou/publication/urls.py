from django.urls import path

from gongchou.publication import views

app_name = "publication"
urlpatterns = [
    path("", views.home, name="home"),
    path("all/", views.published, name="published"),
    path("propose/", views.propose, name="propose"),
    path("propose/results/", views.propose_results, name="propose_results"),
    path("<str:ref>/", views.document, name="document"),
    path("<str:ref>/again/", views.propose_again, name="propose_again"),
    path("<str:ref>/withhold/", views.withhold, name="withhold"),
    path("<str:ref>/approve/", views.approve, name="approve"),
    path("<str:ref>/return/", views.return_, name="return"),
    path("<str:ref>/publish/", views.publish, name="publish"),
    path("<str:ref>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:ref>/correct/", views.correct, name="correct"),
    path("<str:ref>/paper/<str:form>/", views.paper, name="paper"),
]
