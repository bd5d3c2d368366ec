"""The demo's shop: products of the catalogue, and a checkout that speaks to the integration API as any shop would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can
from partner_center.access.queries import key_holder, keys
from partner_center.catalogue.queries import ProductRow, products, regions, service_types
from partner_center.demo.shop_client import Line, Said, Shop, Unreachable
from partner_center.entrypoints.web import shop_shown as shown
from partner_center.entrypoints.web.billing import order_badge
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.order_terms import OrderTerms, order_terms, selects
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Crumb, Page
from partner_center.fence.seat import seated
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack

TOKEN = "shop_token"
UNAUTHENTICATED = 401
MOST_OF_ONE = 999
Ask = Callable[[Shop], dict[str, Any]]


class NoKey(Exception):
    """The customer has no access key the shop could sign in with."""


@dataclass(frozen=True)
class Bought:
    """A product with how many of it are wanted, and how."""

    product: ProductRow
    quantity: int
    terms: OrderTerms

    @property
    def amount(self) -> Money:
        return self.terms.payable(self.product.unit_price * self.quantity)

    @property
    def line(self) -> Line:
        return Line(self.product.code, str(self.amount.decimal), self.amount.currency, self.terms.as_json())


@page(Can.CHECKOUT_PAY, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What can be bought, by kind of service."""
    kinds = {row.code: local(row) for row in service_types()}
    wanted = {each.product.code: each.quantity for each in _bought(request)}
    groups: dict[str, list[ProductRow]] = {}
    for row in products(_currency(request)):
        groups.setdefault(kinds.get(row.service_type, row.service_type), []).append(row)
    head = Page(gettext("Shop"), subtitle=_about())
    return render(
        request,
        "shop/index.html",
        page=head,
        groups=groups,
        wanted=wanted,
        empty="empty" in request.GET,
        terms=selects(order_terms(request), _regions(request)),
        project=order_terms(request).enterprise_project,
    )


def _about() -> str:
    return gettext("A shop of the demo. It knows nothing of vouchers itself: checkout asks the integration API.")


def _currency(request: PageRequest) -> str:
    return pack(request.actor.site, request.actor.at).currency


def _bought(request: PageRequest) -> tuple[Bought, ...]:
    """What the address or the form says is wanted, as far as the catalogue knows it."""
    asked = request.POST if request.method == "POST" else request.GET
    found = ((row, asked.get(f"n.{row.code}", "")) for row in products(_currency(request)))
    terms = order_terms(request)
    return tuple(
        Bought(row, min(int(many), MOST_OF_ONE), terms) for row, many in found if many.isdecimal() and int(many[:6]) > 0
    )


def _regions(request: PageRequest) -> list[tuple[str, str]]:
    return [(row.code, local(row)) for row in regions(request.actor.site)]


def _as_address(bought: tuple[Bought, ...]) -> str:
    wanted = {f"n.{each.product.code}": str(each.quantity) for each in bought}
    return urlencode(wanted | (bought[0].terms.said() if bought else {}))


@page(Can.CHECKOUT_PAY, methods=("GET",), seat=False)
def checkout(request: PageRequest) -> HttpResponse:
    """Every voucher against the order: what it pays, or why it does not. Rules: S-390, S-392 to S-397."""
    with seated(request.actor):
        bought = _bought(request)
    if not bought:
        return HttpResponseRedirect(f"{reverse('shop')}?empty")
    try:
        quoted = _ask(request, lambda shop: shop.quote([each.line for each in bought]))
    except (Unreachable, NoKey, Said) as problem:
        return _failed(request, problem, back=f"{reverse('shop')}?{_as_address(bought)}")
    return _checkout(request, bought, shown.quoted(quoted))


def _checkout(request: PageRequest, bought: tuple[Bought, ...], quoted: shown.Quoted) -> HttpResponse:
    return render(
        request,
        "shop/checkout.html",
        page=Page(gettext("Checkout"), breadcrumb=_crumbs(gettext("Checkout"))),
        bought=bought,
        quoted=quoted,
        terms=shown.terms(quoted),
        how=bought[0].terms.in_words(),
        said=bought[0].terms.said(),
        key=uuid4().hex,
        back=f"{reverse('shop')}?{_as_address(bought)}",
    )


def _crumbs(title: str) -> tuple[Crumb, ...]:
    return Crumb(gettext("Shop"), reverse("shop")), Crumb(title)


@page(Can.CHECKOUT_PAY, methods=("POST",), seat=False)
def hold(request: PageRequest) -> HttpResponse:
    """Hold what the chosen vouchers pay; submitted twice it is held once. Rules: S-390, S-392, S-901."""
    with seated(request.actor):
        bought = _bought(request)
    key = request.POST.get("key", "") or uuid4().hex
    chosen = request.POST.getlist("ids")
    back = f"{reverse('checkout')}?{_as_address(bought)}"
    if not bought:
        return HttpResponseRedirect(f"{reverse('shop')}?empty")
    if not chosen:
        return redirect_with_message(request, back, gettext("Choose at least one voucher."), level=30)
    try:
        held = _ask(request, lambda shop: shop.authorise([b.line for b in bought], f"SO-{key[:10]}", key, chosen))
    except (Unreachable, NoKey, Said) as problem:
        return _failed(request, problem, back=back)
    return HttpResponseRedirect(reverse("shop-order", args=[held["id"]]))


@page(Can.CHECKOUT_PAY, methods=("GET",), seat=False)
def order(request: PageRequest, order_id: UUID) -> HttpResponse:
    """An order with what is held for it, until it is paid or given up."""
    try:
        found = shown.held(_ask(request, lambda shop: shop.authorisation(str(order_id))))
    except (Unreachable, NoKey, Said) as problem:
        return _failed(request, problem, back=reverse("my-orders"))
    head = Page(found.order_reference, badge=order_badge(found.state), breadcrumb=_crumbs(found.order_reference))
    return render(request, "shop/order.html", page=head, order=found, state=shown.now(found), key=uuid4().hex)


@page(Can.CHECKOUT_PAY, methods=("POST",), seat=False)
def end(request: PageRequest, order_id: UUID, how: str) -> HttpResponse:
    """Pay the order, or give it up. Rules: S-390, S-393."""
    key = request.POST.get("key", "") or uuid4().hex
    here = reverse("shop-order", args=[order_id])
    try:
        if how == "pay":
            _ask(request, lambda shop: shop.capture(str(order_id), key))
        else:
            _ask(request, lambda shop: shop.release(str(order_id), key))
    except (Unreachable, NoKey, Said) as problem:
        return _failed(request, problem, back=here)
    paid, given_up = gettext("Paid: the vouchers are charged."), gettext("Given up: the vouchers have it back.")
    return redirect_with_message(request, here, paid if how == "pay" else given_up)


# Speaking to the API ------------------------------------------------------------------------------------------------


def _ask(request: PageRequest, ask: Ask) -> dict[str, Any]:
    """Ask with the token of this session, and once more with a new one where that is over."""
    address, language = settings.SITE_ADDRESSES["cloud-cn"], request.actor.language
    known = request.session.get(TOKEN, "")
    if known:
        try:
            return ask(Shop(address, known, language))
        except Said as no:
            if no.status != UNAUTHENTICATED:
                raise
    shop = Shop(address, "", language).signed_in(*_key(request))
    request.session[TOKEN] = shop.token
    return ask(shop)


def _key(request: PageRequest) -> tuple[str, str]:
    """The customer's access key, which a shop of its own would be given. Raises: NoKey."""
    with seated(request.actor):
        own = [each for each in keys(request.actor) if each.revoked_at is None]
    own.sort(key=lambda each: each.user_id != request.actor.user_id)
    holder = key_holder(own[0].access_key) if own else None
    if holder is None:
        raise NoKey
    return own[0].access_key, holder.secret


def _failed(request: HttpRequest, problem: Exception, back: str) -> HttpResponse:
    """What the shop was told, or that it was told nothing; nothing has changed."""
    title, status = gettext("Checkout did not work"), 502
    context: Mapping[str, Any] = {"kind": "unreachable", "rules": (), "request_id": ""}
    if isinstance(problem, NoKey):
        status, context = 409, {"kind": "no_key", "rules": (), "request_id": ""}
    elif isinstance(problem, Said):
        status = problem.status if problem.status in (404, 409, 422) else 502
        context = {"kind": "said", "rules": shown.rules(problem.errors), "request_id": problem.request_id}
    address = settings.SITE_ADDRESSES["cloud-cn"]
    head = Page(title, breadcrumb=_crumbs(title))
    return render(request, "shop/failed.html", status=status, page=head, back=back, address=address, **context)


urlpatterns = [
    path("shop/", index, name="shop"),
    path("shop/checkout/", checkout, name="checkout"),
    path("shop/hold/", hold, name="shop-hold"),
    path("shop/orders/<uuid:order_id>/", order, name="shop-order"),
    path("shop/orders/<uuid:order_id>/<slug:how>/", end, name="shop-end"),
]
