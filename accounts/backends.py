"""Who a session belongs to."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        """With the second factor, which the middleware asks at each request: one query tells both."""
        user = User.objects.with_second_factor().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
