-- What holds after every scenario. Each query names what is broken: no rows, all is well.

-- name: a transfer's entries sum to zero in each currency
SELECT transfer_id, currency, sum(amount_minor) FROM ledger_entry
GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0;

-- name: a transfer has as many entries as it says, and two at least
SELECT t.id, t.entry_count, count(e.account_id) FROM ledger_transfer t
LEFT JOIN ledger_entry e ON e.transfer_id = t.id
GROUP BY t.id HAVING count(e.account_id) <> t.entry_count OR t.entry_count < 2;

-- name: a balance is the sum of its entries
SELECT a.id, a.kind, a.balance, coalesce(sum(e.amount_minor), 0) FROM ledger_account a
LEFT JOIN ledger_entry e ON e.account_id = a.id
GROUP BY a.id HAVING a.balance <> coalesce(sum(e.amount_minor), 0);

-- name: nothing is below its floor
SELECT id, kind, balance, floor FROM ledger_account WHERE balance < floor;

-- name: the books sum to zero
SELECT currency, sum(balance) FROM ledger_account GROUP BY currency HAVING sum(balance) <> 0;

-- name: each quota's sum closes, every unit once
SELECT q.number, q.value_minor, free.balance, coalesce(parts.passed, 0), coalesce(held.outstanding, 0),
    coalesce(orders.held, 0), spent.balance, lost.balance, q.given_back_minor
FROM vouchers_quota q
JOIN ledger_account free ON free.id = q.id
JOIN ledger_account spent ON spent.id = q.spent_account
JOIN ledger_account lost ON lost.id = q.lost_account
LEFT JOIN LATERAL (
    SELECT sum(p.value_minor - p.given_back_minor) AS passed FROM vouchers_quota p WHERE p.parent_id = q.id
) parts ON true
LEFT JOIN LATERAL (
    SELECT sum(a.balance) AS outstanding FROM vouchers_voucher v JOIN ledger_account a ON a.id = v.id
    WHERE v.quota_id = q.id
) held ON true
LEFT JOIN LATERAL (
    SELECT sum(p.amount_minor) AS held FROM vouchers_authorisationpart p
    JOIN vouchers_authorisation o ON o.id = p.authorisation_id WHERE p.quota_id = q.id AND o.state = 'authorised'
) orders ON true
WHERE q.value_minor <> free.balance + coalesce(parts.passed, 0) + coalesce(held.outstanding, 0)
    + coalesce(orders.held, 0) + spent.balance + lost.balance + q.given_back_minor;

-- name: a voucher was funded once, with its face value
SELECT v.number, v.face_minor, count(i.account_id), sum(i.amount_minor) FROM vouchers_voucher v
LEFT JOIN (
    SELECT e.account_id, e.amount_minor FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
    WHERE t.kind = 'voucher.issue' AND e.amount_minor > 0
) i ON i.account_id = v.id
GROUP BY v.id HAVING count(i.account_id) <> 1 OR sum(i.amount_minor) <> v.face_minor;

-- name: a voucher is its balance, what orders hold and took of it, and what came back
SELECT v.number, v.face_minor, a.balance, v.came_back_minor, coalesce(sum(p.amount_minor), 0) FROM vouchers_voucher v
JOIN ledger_account a ON a.id = v.id
LEFT JOIN (
    SELECT p.voucher_id, p.amount_minor FROM vouchers_authorisationpart p
    JOIN vouchers_authorisation o ON o.id = p.authorisation_id WHERE o.state IN ('authorised', 'captured')
) p ON p.voucher_id = v.id
GROUP BY v.id, a.balance HAVING v.face_minor <> a.balance + v.came_back_minor + coalesce(sum(p.amount_minor), 0);

-- name: what has ended has nothing left
SELECT v.number, v.state, a.balance FROM vouchers_voucher v JOIN ledger_account a ON a.id = v.id
WHERE v.state IN ('used', 'reclaimed', 'expired') AND a.balance <> 0;

-- name: an order that ended holds nothing
SELECT o.id, o.state, a.balance FROM vouchers_authorisation o JOIN ledger_account a ON a.id = o.id
WHERE a.balance <> CASE WHEN o.state = 'authorised' THEN o.held_minor ELSE 0 END;

-- name: one claimed call has one effect
SELECT o.verb, o.key, count(t.id) FROM audit_operation o JOIN ledger_transfer t ON t.operation_id = o.id
GROUP BY o.id HAVING count(t.id) > 1;

-- name: a claimed call that ended has its result and its event
SELECT o.verb, o.key, o.result IS NULL, count(e.id) FROM audit_operation o
LEFT JOIN audit_event e ON e.operation_id = o.id
GROUP BY o.id HAVING o.result IS NULL OR (count(e.id) = 0 AND o.verb LIKE 'vouchers.%');

-- name: what an event says was issued was issued, once
SELECT e.id, (e.data ->> 'count')::int, count(v.id) FROM audit_event e
LEFT JOIN vouchers_voucher v ON v.issue_id = (e.data ->> 'issue')::uuid
WHERE e.name = 'voucher.issued' GROUP BY e.id HAVING count(v.id) <> (e.data ->> 'count')::int;

-- name: the operation log says what the vouchers say
SELECT v.number, count(r.id) FROM vouchers_voucher v
LEFT JOIN vouchers_voucherrecord r ON r.voucher_id = v.id AND r.operation_type = 1
GROUP BY v.id HAVING count(r.id) <> 1 OR sum(r.amount_minor) <> v.face_minor;

-- name: every event waits for the feed or is in it, once
SELECT e.id FROM audit_event e
WHERE (SELECT count(*) FROM audit_outbox o WHERE o.event_id = e.id)
    + (SELECT count(*) FROM audit_feed f WHERE f.event_id = e.id) <> 1;

-- name: the tally says how many vouchers there are and what they were worth
SELECT quota_id, state, starts_at, ends_at, sum(vouchers), sum(face_minor) FROM (
    SELECT quota_id, state, starts_at, ends_at, vouchers, face_minor FROM vouchers_tally
    UNION ALL SELECT quota_id, state, starts_at, ends_at, -1, -face_minor FROM vouchers_voucher
) each GROUP BY 1, 2, 3, 4 HAVING sum(vouchers) <> 0 OR sum(face_minor) <> 0;

-- name: a usable voucher that no order has touched has its face value whole
SELECT v.number, v.face_minor, a.balance FROM vouchers_voucher v JOIN ledger_account a ON a.id = v.id
WHERE v.state = 'usable' AND v.lock_order = '' AND v.last_used_at IS NULL AND a.balance <> v.face_minor;
