"""Open a customer's account with its main user; it is nobody's customer yet."""

from __future__ import annotations

import argparse

from partner_center.customers import actions
from partner_center.entrypoints.cli import acting, results


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("account_name", help="the name the account has on the site")
    parser.add_argument("--site", default="cloud-cn", help="the account's site (default: cloud-cn)")
    parser.add_argument("--name-zh", required=True, help="the Chinese name")
    parser.add_argument("--name-en", required=True, help="the English name")
    parser.add_argument("--login", dest="new_login", required=True, help="the main user's login name")
    parser.add_argument("--display-name", required=True, help="the main user's name")
    parser.add_argument("--email", default="", help="the main user's address")
    parser.add_argument("--user-language", choices=("zh", "en"), default="zh", help="the main user's language")


def run(options: argparse.Namespace) -> int:
    opened = actions.open_customer(
        acting.of_options(options),
        site=options.site,
        name_zh=options.name_zh,
        name_en=options.name_en,
        account_name=options.account_name,
        login=options.new_login,
        display_name=options.display_name,
        email=options.email,
        language=options.user_language,
    )
    return results.told(opened)
