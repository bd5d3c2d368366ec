"""Every verb of organisations, users, roles, keys and seats, one module a noun."""

from partner_center.access.actions.account import (
    NewAccount,
    add_main_user,
    end_seat,
    grant_seat,
    hide_banner,
    open_accounts,
    open_organisation,
    switch_verification,
)
from partner_center.access.actions.asking import ask_for_item, decline_item, grant_item
from partner_center.access.actions.key import TOKEN_LIFE, NewKey, make_key, make_token, revoke_key
from partner_center.access.actions.member import (
    add_member,
    change_password,
    change_profile,
    change_roles,
    end_member,
    login_taken,
    logins_taken,
    needs_password,
    readmit_member,
    set_first_password,
    supervise,
)
from partner_center.access.actions.role import change_role, drop_role, make_role

__all__ = [
    "TOKEN_LIFE",
    "NewAccount",
    "NewKey",
    "add_main_user",
    "add_member",
    "ask_for_item",
    "change_password",
    "change_profile",
    "change_role",
    "change_roles",
    "decline_item",
    "drop_role",
    "end_member",
    "end_seat",
    "grant_item",
    "grant_seat",
    "hide_banner",
    "login_taken",
    "logins_taken",
    "make_key",
    "make_role",
    "make_token",
    "needs_password",
    "open_accounts",
    "open_organisation",
    "readmit_member",
    "revoke_key",
    "set_first_password",
    "supervise",
    "switch_verification",
]
