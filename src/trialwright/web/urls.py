"""Every address of the site. A page's own addresses stand in its folder; a new page is one more name in `PAGES`."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path

from trialwright.web.layout import views

PAGES = (
    "public",
    "studies",
    "study",
    "today",
    "participants",
    "participant",
    "form",
    "bedside",
    "queries",
    "safety",
    "product",
    "protocol",
    "design",
    "documents",
    "audit",
    "review",
)

urlpatterns = [
    *(path("", include(f"trialwright.web.{page}.urls")) for page in PAGES),
    path("language/", views.language, name="language"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/code/", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-factor/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
handler404 = views.not_found
handler403 = views.not_allowed
handler500 = views.broken
