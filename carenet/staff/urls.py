"""The addresses of the pages, a list per topic."""

from django.urls import include, path

from carenet.staff.pages.devices_urls import urlpatterns as devices
from carenet.staff.pages.pocket_urls import urlpatterns as pocket
from carenet.staff.pages.report_urls import urlpatterns as report
from carenet.staff.pages.sign_in_urls import urlpatterns as sign_in
from carenet.staff.pages.today_urls import urlpatterns as today

urlpatterns = [
    path("", include(sign_in)),
    path("", include(today)),
    path("", include(devices)),
    path("", include(pocket)),
    path("", include(report)),
]
