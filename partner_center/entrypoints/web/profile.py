"""One's own profile and password."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext

from partner_center.access.actions import change_password, change_profile
from partner_center.entrypoints.web import session
from partner_center.entrypoints.web.forms.members import PasswordForm, ProfileForm
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Page
from partner_center.kernel.errors import Refused

COLUMNS = ("display_name", "display_name_en", "email", "phone", "language")


@page()
def edit(request: PageRequest) -> HttpResponse:
    """Name, e-mail, phone and language; the login name stays. Rules: S-573, L-190, L-201."""
    own = session.user(request)
    form = ProfileForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(own, name) for name in COLUMNS}
    )
    if form.is_valid():
        change_profile(request.actor, **form.cleaned_data)
        session.choose_language(request, form.cleaned_data["language"])
        return redirect_with_message(request, "account", gettext("Saved."))
    return render(
        request, "account/profile.html", page=Page(gettext("My profile")), form=form, login=request.actor.login
    )


@page()
def password(request: PageRequest) -> HttpResponse:
    """A new password; every other session of one's own ends. Rules: L-017."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            change_password(request.actor, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
            session.renew(request)
            text = gettext("The password is changed; other devices have to sign in again.")
            return redirect_with_message(request, "account", text)
        except Refused as refused:
            form.add_refusal(refused)
    return render(request, "account/password.html", page=Page(gettext("Change password")), form=form)


urlpatterns = [
    path("account/profile/", edit, name="profile"),
    path("account/password/", password, name="password"),
]
