from django.urls import path

from gongchou.planning.views import annual, calendar, plans, policies, proposals, tasks

app_name = "planning"
urlpatterns = [
    path("", plans.quarter, name="quarter"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("compute/", plans.compute, name="compute"),
    path("policy/", policies.policy_page, name="policy"),
    path("policy/adopt/", policies.adopt, name="adopt"),
    path("policy/rulings/<str:key>/", policies.ruling, name="ruling"),
    path("policy/clause/", policies.clause_text, name="clause_text"),
    path("policy/<str:ref>/text/", policies.policy_text, name="policy_text"),
    path("classify/", proposals.propose, name="propose"),
    path("proposals/<str:ref>/", proposals.proposal, name="proposal"),
    path("proposals/<str:ref>/confirm/", proposals.confirm, name="confirm_proposal"),
    path("annual/", annual.annual, name="annual"),
    path("annual/make/", annual.make_annual, name="make_annual"),
    path("annual/<int:year>/file/", annual.annual_file, name="annual_file"),
    path("annual/<int:year>.pdf", annual.annual_paper, name="annual_paper"),
    path("annual/<int:year>.docx", annual.annual_word, name="annual_word"),
    path("annual/<str:ref>/approve/", annual.approve_annual, name="approve_annual"),
    path("annual/<str:ref>/void/", annual.void_annual, name="void_annual"),
    path("<str:ref>/sites/<str:subject>/", proposals.site, name="site"),
    path("<str:ref>/file/", annual.quarter_file, name="quarter_file"),
    path("tasks/<str:ref>/", tasks.task, name="task"),
    path("tasks/<str:ref>/approve/", tasks.approve_task, name="approve_task"),
    path("tasks/<str:ref>/void/", tasks.void_task, name="void_task"),
    path("<str:ref>.pdf", plans.paper, name="paper"),
    path("<str:ref>.docx", plans.word, name="word"),
    path("<str:ref>/notice/<str:form>/", plans.notice, name="notice"),
    path("<str:ref>/new-task/", tasks.new_task, name="new_task"),
    path("<str:ref>/approve/", plans.approve, name="approve"),
    path("<str:ref>/void/", plans.void, name="void"),
]
