"""Forms about the people of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext, gettext_lazy

from partner_center.access.rules import roles
from partner_center.entrypoints.web.forms.base import Form, login_field
from partner_center.entrypoints.web.jinja import local


class RolesForm(Form):
    """Which roles somebody holds; the rules of the verb judge the choice, not the field."""

    roles = forms.MultipleChoiceField(label=gettext_lazy("Roles"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def preset(audience: str) -> list[tuple[str, str]]:
        """The roles that every organisation of a kind has."""
        return [(role.code, local(role)) for role in roles().values() if role.audience == audience]


def _new_password(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=256,
        strip=False,
        validators=[validate_password],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=help_text,
    )


class ReadmitForm(RolesForm):
    """Somebody who had left, with a password of now."""

    password = _new_password(
        gettext_lazy("First password"), gettext_lazy("At least 10 characters. Hand it over in person.")
    )
    field_order = ("password", "roles")


class EndForm(Form):
    """Why somebody's sign-in ends."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


class MemberForm(RolesForm):
    """A person who is to sign in for the organisation."""

    login = login_field()
    display_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    display_name_en = forms.CharField(label=gettext_lazy("Name in Latin letters"), max_length=80, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), help_text=gettext_lazy("Verification codes are sent there."))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False)
    password = _new_password(
        gettext_lazy("First password"), gettext_lazy("At least 10 characters. Hand it over in person.")
    )
    field_order = ("login", "display_name", "display_name_en", "email", "phone", "password", "roles")


class RoleForm(Form):
    """A role of the organisation's own: its name and the items it brings."""

    name = forms.CharField(label=gettext_lazy("Name of the role"), max_length=200, required=False)
    grants = forms.MultipleChoiceField(
        label=gettext_lazy("Permission items"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grants"].choices = choices  # type: ignore[attr-defined]


class AskForm(Form):
    """A wish for a permission item."""

    item = forms.CharField(max_length=48, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("What you need it for"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Whoever decides reads it."),
    )


class ProfileForm(Form):
    """How one is called and reached."""

    display_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    display_name_en = forms.CharField(label=gettext_lazy("Name in Latin letters"), max_length=80, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), help_text=gettext_lazy("Verification codes are sent there."))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of pages and mails"), choices=[("zh", "中文"), ("en", "English")]
    )


class PasswordForm(Form):
    """One's own new password."""

    old = forms.CharField(
        label=gettext_lazy("Old password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = _new_password(gettext_lazy("New password"), gettext_lazy("At least 10 characters."))
    again = forms.CharField(
        label=gettext_lazy("New password again"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("new") and found.get("again") and found["new"] != found["again"]:
            self.add_error("again", gettext("The two differ."))
        return found
