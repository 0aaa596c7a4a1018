from django.urls import path

from gongchou.inspection.views import following, office, papers, records, reviews, visits

app_name = "inspection"
urlpatterns = [
    path("", visits.home, name="home"),
    path("case/", office.choose_site, name="choose_site"),
    path("case/<str:subject>/", office.open_case, name="open_case"),
    path("paper/", office.paper, name="paper"),
    path("orders/", office.orders, name="orders"),
    path("draws/<str:draw>/dispatch/", office.dispatch, name="dispatch"),
    path("evidence/<str:ref>/", records.evidence_file, name="evidence_file"),
    path("orders/<str:ref>.pdf", papers.correction, name="correction_paper"),
    path("orders/<str:ref>/look/", following.look, name="look"),
    path("<str:ref>/", visits.visit, name="visit"),
    path("<str:ref>/record.pdf", papers.record, name="record_paper"),
    path("<str:ref>/why.pdf", papers.why, name="why_paper"),
    path("<str:ref>/notice.pdf", papers.notice, name="notice_paper"),
    path("<str:ref>/briefing/", visits.briefing, name="briefing"),
    path("<str:ref>/briefing/confirm/", visits.confirm_briefing, name="confirm_briefing"),
    path("<str:ref>/accept/", visits.accept, name="accept"),
    path("<str:ref>/authorise/", visits.authorise, name="authorise"),
    path("<str:ref>/notice/", visits.notice, name="notice"),
    path("<str:ref>/start/", visits.start, name="start"),
    path("<str:ref>/void/", visits.void, name="void"),
    path("<str:ref>/record/", records.record, name="record"),
    path("<str:ref>/record/<int:number>/", records.revision, name="revision"),
    path("<str:ref>/evidence/add/", records.add_evidence, name="add_evidence"),
    path("<str:ref>/submit/", records.submit, name="submit"),
    path("<str:ref>/review/", reviews.review, name="review"),
    path("<str:ref>/review/approve/", reviews.approve, name="approve"),
    path("<str:ref>/review/return/", reviews.give_back, name="give_back"),
    path("<str:ref>/after/", following.after, name="after"),
    path("<str:ref>/after/order/", following.order, name="order"),
    path("<str:ref>/after/case/", following.case, name="case"),
    path("<str:ref>/after/transfer/", following.transfer, name="transfer"),
    path("<str:ref>/paper/receive/", office.receive, name="receive"),
]
