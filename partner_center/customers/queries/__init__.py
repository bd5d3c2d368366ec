"""Every read of customers, one module a noun."""

from partner_center.customers.queries.account import (
    CustomerAccount,
    Place,
    accounts_counts,
    accounts_page,
    customer,
    name_taken,
)
from partner_center.customers.queries.association import (
    AssociationFacts,
    CustomerList,
    CustomerPage,
    CustomerRow,
    Tab,
    association_counts,
    association_of,
    associations,
    customer_detail,
    customers_page,
    ended_since,
    has_partner,
    hold_association,
    sub_customers,
)

__all__ = [
    "AssociationFacts",
    "CustomerAccount",
    "CustomerList",
    "CustomerPage",
    "CustomerRow",
    "Place",
    "Tab",
    "accounts_counts",
    "accounts_page",
    "association_counts",
    "association_of",
    "associations",
    "customer",
    "customer_detail",
    "customers_page",
    "ended_since",
    "has_partner",
    "hold_association",
    "name_taken",
    "sub_customers",
]
