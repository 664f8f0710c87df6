"""What every template knows of the installation."""

from django.conf import settings


def site(request) -> dict:
    """Context processor: the names of the site, the département and its local units."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "DEPARTMENT_NAME": settings.DEPARTMENT_NAME,
        "LOCAL_UNIT_LABEL": settings.LOCAL_UNIT_LABEL,
        "SERVICE_NAME": settings.SERVICE_NAME,
        "SERVICE_EMAIL": settings.SERVICE_EMAIL,
        "ACCENT_COLOR": settings.ACCENT_COLOR,
    }
