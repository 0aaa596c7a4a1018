from django.urls import path

from gongchou.publication.views import documents, outward

app_name = "publication"
urlpatterns = [
    path("", documents.home, name="home"),
    path("all/", documents.published, name="published"),
    path("propose/", documents.propose, name="propose"),
    path("propose/results/", documents.propose_results, name="propose_results"),
    path("national/", outward.national, name="national"),
    path("national/file/", outward.national_file, name="national_file"),
    path("permit/", outward.permit, name="permit"),
    path("permit/file/", outward.permit_file, name="permit_file"),
    path("firms/", outward.firms, name="firms"),
    path("firms/<str:subject>/issue/", outward.issue, name="issue_code"),
    path("firms/<str:subject>/letter.pdf", outward.firm_paper, name="firm_paper"),
    path("<str:ref>/", documents.document, name="document"),
    path("<str:ref>/again/", documents.propose_again, name="propose_again"),
    path("<str:ref>/withhold/", documents.withhold, name="withhold"),
    path("<str:ref>/disclose/", documents.disclose_again, name="disclose_again"),
    path("<str:ref>/approve/", documents.approve, name="approve"),
    path("<str:ref>/return/", documents.return_, name="return"),
    path("<str:ref>/publish/", documents.publish, name="publish"),
    path("<str:ref>/withdraw/", documents.withdraw, name="withdraw"),
    path("<str:ref>/correct/", documents.correct, name="correct"),
    path("<str:ref>/paper/<str:form>/", documents.paper, name="paper"),
]
