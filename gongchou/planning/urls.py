from django.urls import path

from gongchou.planning.views import plans, policies, tasks

app_name = "planning"
urlpatterns = [
    path("", plans.quarter, name="quarter"),
    path("compute/", plans.compute, name="compute"),
    path("policy/", policies.policy_page, name="policy"),
    path("policy/adopt/", policies.adopt, name="adopt"),
    path("policy/rulings/<str:key>/", policies.ruling, name="ruling"),
    path("policy/<str:ref>/text/", policies.policy_text, name="policy_text"),
    path("tasks/<str:ref>/", tasks.task, name="task"),
    path("tasks/<str:ref>/approve/", tasks.approve_task, name="approve_task"),
    path("tasks/<str:ref>/void/", tasks.void_task, name="void_task"),
    path("<str:ref>.pdf", plans.paper, name="paper"),
    path("<str:ref>/new-task/", tasks.new_task, name="new_task"),
    path("<str:ref>/approve/", plans.approve, name="approve"),
    path("<str:ref>/void/", plans.void, name="void"),
]
