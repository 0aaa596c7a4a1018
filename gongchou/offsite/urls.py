from django.urls import URLPattern

app_name = "offsite"
urlpatterns: list[URLPattern] = []
