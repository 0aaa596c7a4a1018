from django.urls import path

from gongchou.offsite.views import checks, complaints

app_name = "offsite"
urlpatterns = [
    path("", checks.board, name="board"),
    path("complaints/", complaints.letter_list, name="letters"),
    path("complaints/<str:ref>/", complaints.letter, name="letter"),
    path("complaints/<str:ref>/act/", complaints.letter_act, name="letter_act"),
    path("complaints/<str:ref>/files/<int:number>/", complaints.letter_file, name="letter_file"),
    path("<str:quarter>/new/<str:subject>/", checks.record, name="record"),
    path("check/<str:ref>/", checks.check, name="check"),
    path("check/<str:ref>/conclude/", checks.conclude, name="conclude"),
    path("check/<str:ref>/replace/", checks.replace, name="replace"),
]
