"""Open a partner's account with its main user."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.partners import actions


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument(
        "identity", choices=("distributor", "reseller", "solution_provider", "subsidy"), help="what it sells as"
    )
    parser.add_argument("--site", default="cloud-cn", help="the account's site (default: cloud-cn)")
    parser.add_argument("--name-zh", required=True, help="the company's Chinese name")
    parser.add_argument("--name-en", required=True, help="the company's English name")
    parser.add_argument("--uscc", default="", help="the unified social credit code of a new company")
    parser.add_argument("--company", type=identity, help="a company that has an account already")
    parser.add_argument("--login", dest="new_login", required=True, help="the main user's login name")
    parser.add_argument("--display-name", required=True, help="the main user's name")
    parser.add_argument("--email", default="", help="the main user's address")
    parser.add_argument("--user-language", choices=("zh", "en"), default="zh", help="the main user's language")
    parser.add_argument("--tier", default="", help="the partner's tier")


def run(options: argparse.Namespace) -> int:
    opened = actions.open_partner(
        acting.of_options(options),
        site=options.site,
        identity=options.identity,
        name_zh=options.name_zh,
        name_en=options.name_en,
        uscc=options.uscc,
        company_id=options.company,
        login=options.new_login,
        display_name=options.display_name,
        email=options.email,
        language=options.user_language,
        tier=options.tier,
    )
    return results.told(opened)
