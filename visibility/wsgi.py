"""Pages and API, served by granian over WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
application = get_wsgi_application()
