from django.urls import path

from gongchou.offsite.views import checks, complaints, monitors

app_name = "offsite"
urlpatterns = [
    path("", checks.board, name="board"),
    path("complaints/", complaints.letter_list, name="letters"),
    path("complaints/<str:ref>/", complaints.letter, name="letter"),
    path("complaints/<str:ref>/act/", complaints.letter_act, name="letter_act"),
    path("complaints/<str:ref>/files/<int:number>/", complaints.letter_file, name="letter_file"),
    path("monitors/", monitors.monitor_list, name="monitors"),
    path("monitors/new/", monitors.monitor_new, name="monitor_new"),
    path("monitors/aside/", monitors.quarantine, name="quarantine"),
    path("monitors/<str:ref>/", monitors.monitor, name="monitor"),
    path("monitors/<str:ref>/change/", monitors.monitor_change, name="monitor_change"),
    path("monitors/<str:ref>/end/", monitors.monitor_end, name="monitor_end"),
    path("<str:quarter>/new/<str:subject>/", checks.record, name="record"),
    path("check/<str:ref>/", checks.check, name="check"),
    path("check/<str:ref>/conclude/", checks.conclude, name="conclude"),
    path("check/<str:ref>/replace/", checks.replace, name="replace"),
]
