"""The addresses of pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from visibility.web.cases import views as cases
from visibility.web.flows import views as flows
from visibility.web.home import views as home
from visibility.web.messages import views as messages
from visibility.web.search import views as search
from visibility.web.silent import views as silent
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
    path("cases/", cases.case_list, name="cases"),
    path("cases/<int:case_id>/", cases.case_page, name="case"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<uuid:message_id>/", messages.message_page, name="message"),
    path("messages/<uuid:message_id>/raw/", messages.message_raw, name="message-raw"),
    path("without-order/", uncorrelated.waiting_list, name="uncorrelated"),
    path(
        "without-order/<uuid:message_id>/<int:place>/",
        uncorrelated.document_page,
        name="uncorrelated-document",
    ),
    path("silent-run/", silent.silent_run, name="silent-run"),
    path("silent-run/found/", silent.silent_found, name="silent-found"),
    path("search/", search.search, name="search"),
]
