"""How anyone finds and reads."""

from django.urls import path

from catalogue.views import files, groups, health, home, listing, machines, places, sheet

app_name = "catalogue"
urlpatterns = [
    path("", home.home, name="home"),
    path("actions/", listing.actions, name="list"),
    path("actions/<slug:slug>/", sheet.sheet, name="sheet"),
    path("groupes/", groups.groups, name="groups"),
    path("groupes/communes/", groups.suggest_communes, name="suggest_communes"),
    path("territoires/", places.territories, name="territories"),
    path("territoires/<slug:slug>/", places.territory, name="territory"),
    path("partenaires/<slug:slug>/", places.partner, name="partner"),
    path("media/<path:path>", files.media, name="media"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<int:page>.xml", machines.sitemap, name="sitemap_page"),
    path("robots.txt", machines.robots, name="robots"),
    path("sante/", health.health, name="health"),
]
