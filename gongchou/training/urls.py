from django.urls import path

from gongchou.training.views import events, knowledge, practices, quizzes

app_name = "training"
urlpatterns = [
    path("", events.home, name="home"),
    path("knowledge/", knowledge.look_up, name="knowledge"),
    path("new/", events.new, name="new"),
    path("quizzes/<str:ref>/", quizzes.quiz, name="quiz"),
    path("quizzes/<str:ref>/take/", quizzes.take, name="take_quiz"),
    path("practices/new/", practices.offer, name="offer"),
    path("practices/<str:ref>/decide/", practices.decide, name="decide"),
    path("<str:ref>/", events.event, name="event"),
    path("<str:ref>/attendance/", events.attendance, name="attendance"),
    path("<str:ref>/material/", events.material, name="material"),
    path("<str:ref>/material/<int:number>/", events.material_file, name="material_file"),
    path("<str:ref>/quiz/", quizzes.new, name="new_quiz"),
    path("<str:ref>/withdraw/", events.withdraw, name="withdraw"),
]
