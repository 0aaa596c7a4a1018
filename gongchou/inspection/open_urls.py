from django.urls import path

from gongchou.inspection.views import open_paper

app_name = "paper"
urlpatterns = [path("", open_paper.check, name="check")]
