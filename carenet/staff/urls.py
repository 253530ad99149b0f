"""The addresses of the pages, a list per topic."""

from django.urls import include, path

from carenet.staff.pages.cases_urls import urlpatterns as cases
from carenet.staff.pages.closures_urls import urlpatterns as closures
from carenet.staff.pages.consultations_urls import urlpatterns as consultations
from carenet.staff.pages.devices_urls import urlpatterns as devices
from carenet.staff.pages.files_urls import urlpatterns as files
from carenet.staff.pages.invitations_urls import urlpatterns as invitations
from carenet.staff.pages.job_urls import urlpatterns as work
from carenet.staff.pages.operator_changes_urls import urlpatterns as operator_changes
from carenet.staff.pages.people_urls import urlpatterns as people
from carenet.staff.pages.pocket_urls import urlpatterns as pocket
from carenet.staff.pages.pool_urls import urlpatterns as pool
from carenet.staff.pages.referral_sheet_urls import urlpatterns as sheets
from carenet.staff.pages.referrals_urls import urlpatterns as referrals
from carenet.staff.pages.report_urls import urlpatterns as report
from carenet.staff.pages.review_urls import urlpatterns as review
from carenet.staff.pages.sign_in_urls import urlpatterns as sign_in
from carenet.staff.pages.subject_link_urls import urlpatterns as ways
from carenet.staff.pages.today_urls import urlpatterns as today

urlpatterns = [
    path("", include(sign_in)),
    path("", include(today)),
    path("", include(consultations)),
    path("", include(people)),
    path("", include(cases)),
    path("", include(referrals)),
    path("", include(pool)),
    path("", include(files)),
    path("", include(sheets)),
    path("", include(review)),
    path("", include(devices)),
    path("", include(invitations)),
    path("", include(closures)),
    path("", include(operator_changes)),
    path("", include(pocket)),
    path("", include(report)),
    path("", include(work)),
    path("", include(ways)),
]
