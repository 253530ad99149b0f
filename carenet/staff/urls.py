"""The addresses of the pages, a list per topic."""

from django.urls import include, path

from carenet.staff.pages.abuse_urls import urlpatterns as abuse
from carenet.staff.pages.administration_urls import urlpatterns as administration
from carenet.staff.pages.auditor_urls import urlpatterns as auditor
from carenet.staff.pages.desk_urls import urlpatterns as desk
from carenet.staff.pages.own_agency_urls import urlpatterns as own_agency
from carenet.staff.pages.person_urls import urlpatterns as people
from carenet.staff.pages.pocket_urls import urlpatterns as pocket
from carenet.staff.pages.review_urls import urlpatterns as review
from carenet.staff.pages.sign_in_urls import urlpatterns as sign_in
from carenet.staff.pages.subject_link_urls import urlpatterns as ways
from carenet.staff.pages.ward_list_urls import urlpatterns as lists

urlpatterns = [
    path("", include(sign_in)),
    path("", include(desk)),
    path("", include(abuse)),
    path("", include(people)),
    path("", include(own_agency)),
    path("", include(review)),
    path("", include(pocket)),
    path("", include(ways)),
    path("", include(auditor)),
    path("", include(lists)),
    path("", include(administration)),
]
