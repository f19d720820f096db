from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

import kpis.api_urls
import meetings.api_urls
import projects.api_urls
import smmportal.notifications.api_urls
import smmportal.people.api_urls
import smmportal.waterline.api_urls
from smmportal import apidocs, health, pages, panels
from smmportal.homes.api import HomeView
from smmportal.people.views import set_language
from smmportal.portfolio import api as portfolio_api
from smmportal.portfolio import views as portfolio
from smmportal.styleguide import styleguide

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)

handler400 = "smmportal.api.answer_400"
handler404 = "smmportal.api.answer_404"
handler500 = "smmportal.api.answer_500"

api = [
    *kpis.api_urls.urlpatterns,
    *smmportal.people.api_urls.urlpatterns,
    *smmportal.notifications.api_urls.urlpatterns,
    *projects.api_urls.urlpatterns,
    *meetings.api_urls.urlpatterns,
    *smmportal.waterline.api_urls.urlpatterns,
    path("home/", HomeView.as_view(), name="home"),
    path("portfolio/", portfolio_api.PortfolioView.as_view(), name="portfolio"),
    path("projects/<int:pk>/now/", panels.ProjectNowView.as_view(), name="project_now"),
]

urlpatterns = [
    # First, because an address is held against every pattern before its own.
    path("api/v1/", include((api, "api"))),
    path("", pages.home, name="home"),
    path("projects/<int:pk>/", pages.project, name="project"),
    path("portfolio/", portfolio.show_portfolio, name="portfolio"),
    path("portfolio/<int:pk>/kpis/", portfolio.show_kpis, name="portfolio_kpis"),
    path("projects/<int:pk>/now/", panels.project_now, name="project_now"),
    path("", include("smmportal.people.urls")),
    path("notifications/", include("smmportal.notifications.urls")),
    path("", include("projects.urls")),
    path("", include("kpis.urls")),
    path("", include("meetings.urls")),
    path("", include("smmportal.waterline.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", apidocs.api_docs, name="api_docs"),
    path("styleguide/", styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]
