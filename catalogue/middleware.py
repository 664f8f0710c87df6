"""What the catalogue answers before anybody is recognised."""

from django.conf import settings

from catalogue.views.files import open_file


class OpenFiles:
    """Photos that everybody may see, or that a page lent: forty browsers that open a deck ask for a thousand at once.

    Without a session to read, each costs a fifth; and a browser keeps those of everybody, whoever signed in on it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(settings.MEDIA_URL) and request.method in ("GET", "HEAD"):
            response = open_file(request, request.path.removeprefix(settings.MEDIA_URL))
            if response:
                return response
        return self.get_response(request)
