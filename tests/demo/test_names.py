"""Names, codes and numbers of the demo belong to nobody."""

from __future__ import annotations

from random import Random

from stdnum.cn import uscc as social_credit

from partner_center.demo import names, offers
from partner_center.demo.cards import CARDS
from partner_center.demo.cast import BUYERS, FOUNDER, PARTNERS, PASSWORD, STAFF
from partner_center.demo.tour import STEPS


def test_there_are_names_enough_and_none_twice() -> None:
    drawn = list(names.companies())
    wanted = sum(each.consulting + each.resale for each in PARTNERS)
    assert len(drawn) >= wanted
    story = [(buyer.zh, buyer.account) for buyer in BUYERS]
    accounts = [each.account for each in drawn] + [account for _, account in story]
    called = [each.zh for each in drawn] + [zh for zh, _ in story]
    assert len(set(accounts)) == len(accounts)
    assert len(set(called)) == len(called)


def test_every_code_has_its_check_digits_right_and_a_region_that_does_not_exist() -> None:
    codes = [names.uscc(serial) for serial in range(100, 1500)]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert social_credit.is_valid(code)
        assert code[2:8] == "000000"


def test_no_telephone_number_and_no_address_is_anybodys() -> None:
    assert {names.phone(serial)[:4] for serial in (1, 400, 9_000_001)} == {"1000"}
    assert len(names.phone(9_000_001)) == 11
    for company in names.companies():
        assert names.email(company.account).endswith(".example")


def test_a_person_is_called_the_same_in_both_languages() -> None:
    first, second = Random(1), Random(1)
    assert names.person(first) == names.person(second)


def test_a_product_belongs_to_a_kind_of_service_that_is_offered() -> None:
    kinds, products = {each.code for each in offers.service_types()}, offers.products()
    assert {each.service_type for each in products} <= kinds
    assert len({each.code for each in products}) == len(products)
    assert len(kinds) >= 12
    assert len(products) >= 40
    assert sum(each.marketplace for each in products) >= 3


def test_everybody_on_a_card_exists_and_signs_in() -> None:
    people = [FOUNDER, *STAFF, *(each.main for each in BUYERS)]
    people += [person for partner in PARTNERS for person in (partner.main, *partner.staff)]
    sign_in = {person.login: person for person in people if person.signs_in}
    for card in CARDS:
        assert (card.name_zh, card.name_en) == (sign_in[card.login].zh, sign_in[card.login].en)
        assert card.password == PASSWORD
    assert {step.login for step in STEPS} - {""} <= {card.login for card in CARDS}
    assert len(STEPS) == 11
