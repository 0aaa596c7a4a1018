from django.urls import path

from gongchou.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("<str:ref>/", views.webhook, name="webhook"),
    path("<str:ref>/try/", views.try_out, name="try"),
    path("<str:ref>/stop/", views.stop, name="stop"),
    path("<str:ref>/resume/", views.resume, name="resume"),
    path("<str:ref>/end/", views.end, name="end"),
]
