"""How anyone finds and reads."""

app_name = "catalogue"
urlpatterns = []
