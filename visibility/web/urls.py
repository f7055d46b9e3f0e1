"""The addresses of pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from visibility.web.cases import approvals, decide, discussion, one, work
from visibility.web.cases import bulk as case_bulk
from visibility.web.cases import bulk_decide as case_bulk_decide
from visibility.web.cases import export as case_export
from visibility.web.cases import queue as case_queue
from visibility.web.cases import views_saved as case_views
from visibility.web.flows import views as flows
from visibility.web.home import views as home
from visibility.web.messages import correct as correcting
from visibility.web.messages import views as messages
from visibility.web.notices import views as notices
from visibility.web.partners import certification
from visibility.web.partners import views as partners
from visibility.web.policies import views as policies
from visibility.web.search import views as search
from visibility.web.silent import views as silent
from visibility.web.sync import views as sync
from visibility.web.terms import calendars as term_calendars
from visibility.web.terms import clocks as term_clocks
from visibility.web.terms import views as terms
from visibility.web.times import views as times
from visibility.web.uncorrelated import views as uncorrelated

urlpatterns = [
    path("", home.home, name="home"),
    path(
        "login/",
        LoginView.as_view(template_name="home/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("theme/", home.theme, name="theme"),
    path("flows/", flows.flow_list, name="flows"),
    path("flows/<uuid:correlation_id>/", flows.flow_page, name="flow"),
    path("cases/", case_queue.case_list, name="cases"),
    path("cases/rows/", case_queue.case_rows, name="cases-rows"),
    path("cases/export/", case_export.export, name="cases-export"),
    path("cases/views/", case_views.keep_view, name="cases-views"),
    path("cases/bulk/", case_bulk.bulk, name="cases-bulk"),
    path("cases/bulk/decide/", case_bulk_decide.decide, name="cases-bulk-decide"),
    path("cases/undo/", case_bulk.undo, name="cases-undo"),
    path("cases/<int:case_id>/", one.case_page, name="case"),
    path("cases/<int:case_id>/decide/<slug:action>/", decide.decide, name="case-decide"),
    path("cases/<int:case_id>/assign/", work.assign, name="case-assign"),
    path("cases/<int:case_id>/snooze/", work.snooze, name="case-snooze"),
    path("cases/<int:case_id>/watch/", work.watch, name="case-watch"),
    path("cases/<int:case_id>/pause/", work.pause, name="case-pause"),
    path("cases/<int:case_id>/comment/", discussion.comment, name="case-comment"),
    path("attachments/<int:attachment_id>/", discussion.attachment, name="attachment"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("resolutions/<int:resolution_id>/approve/", approvals.approve, name="resolution-approve"),
    path("resolutions/<int:resolution_id>/reject/", approvals.reject, name="resolution-reject"),
    path("resolutions/<int:resolution_id>/reverse/", approvals.reverse_decision, name="resolution-reverse"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<uuid:message_id>/", messages.message_page, name="message"),
    path("messages/<uuid:message_id>/raw/", messages.message_raw, name="message-raw"),
    path("messages/<uuid:message_id>/correct/", correcting.correct, name="message-correct"),
    path("messages/<uuid:message_id>/alike/", correcting.alike, name="message-alike"),
    path("connections/", sync.connection_list, name="connections"),
    path("deliveries/", sync.delivery_list, name="deliveries"),
    path("deliveries/<uuid:delivery_id>/", sync.delivery_page, name="delivery"),
    path("without-order/", uncorrelated.waiting_list, name="uncorrelated"),
    path(
        "without-order/<uuid:message_id>/<int:place>/",
        uncorrelated.document_page,
        name="uncorrelated-document",
    ),
    path("partners/", partners.partner_list, name="partners"),
    path("partners/<int:partner_id>/", partners.partner_page, name="partner"),
    path(
        "partners/<int:partner_id>/certification/",
        certification.certification_page,
        name="partner-certification",
    ),
    path("terms/", terms.tolerance_list, name="terms"),
    path("terms/tolerances/<int:tolerance_id>/", terms.tolerance_page, name="terms-tolerance"),
    path("terms/deadlines/", term_clocks.deadline_page, name="terms-deadlines"),
    path("terms/hours/", term_clocks.hours_page, name="terms-hours"),
    path("terms/limits/", term_clocks.limit_page, name="terms-limits"),
    path("terms/calendars/", term_calendars.calendar_list, name="terms-calendars"),
    path("terms/calendars/<int:calendar_id>/", term_calendars.calendar_page, name="terms-calendar"),
    path("terms/history/", terms.history, name="terms-history"),
    path("silent-run/", silent.silent_run, name="silent-run"),
    path("silent-run/found/", silent.silent_found, name="silent-found"),
    path("resolution-times/", times.time_page, name="resolution-times"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/<int:policy_id>/", policies.policy_page, name="policy"),
    path("notifications/", notices.notice_list, name="notices"),
    path("notifications/count/", notices.notice_count, name="notice-count"),
    path("search/", search.search, name="search"),
]
