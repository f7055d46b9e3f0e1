"""Addresses: the API, and the pages."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("visibility.api.urls")),
    path("", include("visibility.web.urls")),
]
