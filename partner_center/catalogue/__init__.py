"""What can be bought, as far as scopes of vouchers need it: service types and products."""
