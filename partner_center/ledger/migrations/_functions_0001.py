"""The ledger's functions, as the first migration creates them: (forwards, backwards) pairs.

Those marked SECURITY DEFINER are the only way to write a ledger table. The others run with the caller's rights, who
has none to write with, and are steps of these. Refusals carry SQLSTATEs of class PL; `ledger.errors` names them.
"""

from __future__ import annotations

# `OR ledger_insufficient(id)` is reached only when the balance is too small: the good path pays nothing for the name
# of the account, and no savepoint is needed to find it.
FLOOR = (
    """
    CREATE FUNCTION ledger_insufficient(p_account uuid) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'account % would fall below its floor', p_account
            USING ERRCODE = 'PL001', DETAIL = p_account::text, CONSTRAINT = 'ledger_account_floor';
    END $$;
    ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_floor
        CHECK (floor IS NULL OR balance >= floor OR ledger_insufficient(id));
    ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_currency CHECK (octet_length(currency) = 3);
    -- Room for the next balance beside the present one (HOT): no index is touched when value moves.
    ALTER TABLE ledger_account SET (fillfactor = 50);
    """,
    """
    ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_floor;
    ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_currency;
    DROP FUNCTION ledger_insufficient(uuid);
    """,
)

# Recomputed outside the database by rules.transfer_digest and tools/verify_seals.py: change all three or none.
DIGEST = (
    """
    CREATE FUNCTION ledger_micros(p_at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT (extract(epoch FROM p_at) * 1000000)::bigint $$;

    CREATE FUNCTION ledger_line(p_account uuid, p_amount bigint, p_currency text,
                                p_partner uuid, p_upline uuid, p_customer uuid) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT p_account::text || ' ' || p_amount::text || ' ' || p_currency || ' ' || coalesce(p_partner::text, '-')
           || ' ' || coalesce(p_upline::text, '-') || ' ' || coalesce(p_customer::text, '-') $$;

    CREATE FUNCTION ledger_digest(t ledger_transfer, p_lines text) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat_ws(E'\\n', 'transfer/1', t.id, t.kind, ledger_micros(t.at),
            ledger_micros(t.recorded_at), coalesce(t.operation_id::text, '-'), coalesce(t.actor_user_id::text, '-'),
            coalesce(t.home_id::text, '-'), coalesce(t.seat_id::text, '-'), coalesce(t.approved_by_id::text, '-'),
            coalesce(t.reverses_id::text, '-'), t.entry_count, p_lines, t.reason), 'UTF8'))
    $$;
    """,
    """
    DROP FUNCTION ledger_digest(ledger_transfer, text);
    DROP FUNCTION ledger_line(uuid, bigint, text, uuid, uuid, uuid);
    DROP FUNCTION ledger_micros(timestamptz);
    """,
)

# Whoever posts holds a shared lock on the hour its record time falls in, until it commits; the hour is sealed under
# the exclusive one. So a sealed hour can gain no transfer: a straggler delays the seal instead of escaping it.
STAMP = (
    """
    CREATE FUNCTION ledger_hour(p_at timestamptz) RETURNS int LANGUAGE sql STABLE AS
    $$ SELECT floor(extract(epoch FROM p_at) / 3600)::int $$;

    CREATE FUNCTION ledger_stamp() RETURNS timestamptz LANGUAGE plpgsql AS $$
    DECLARE
        v_hour int;
        v_now timestamptz;
    BEGIN
        LOOP
            v_hour := ledger_hour(clock_timestamp());
            CONTINUE WHEN NOT pg_try_advisory_xact_lock_shared(7310002, v_hour);
            v_now := clock_timestamp();
            IF ledger_hour(v_now) = v_hour THEN
                RETURN v_now;
            END IF;
        END LOOP;
    END $$;
    """,
    "DROP FUNCTION ledger_stamp(); DROP FUNCTION ledger_hour(timestamptz);",
)

# An array of one value stands for as many as there are accounts.
OPEN = (
    """
    CREATE FUNCTION ledger_insert_accounts(
        p_ids uuid[], p_kinds text[], p_currencies text[], p_floors bigint[],
        p_partners uuid[], p_uplines uuid[], p_customers uuid[], p_opened_at timestamptz, p_balances bigint[]
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('app.all', true) IS DISTINCT FROM 'on'
            AND EXISTS (SELECT FROM unnest(p_floors) AS f WHERE f IS NULL OR f < 0) THEN
            RAISE EXCEPTION 'only who sees all opens an account that may fall below zero' USING ERRCODE = 'PL004';
        END IF;
        INSERT INTO ledger_account
            (id, kind, currency, balance, floor, partner_id, upline_id, customer_id, opened_at)
        SELECT a.id,
            CASE WHEN cardinality(p_kinds) = 1 THEN p_kinds[1] ELSE a.kind END,
            CASE WHEN cardinality(p_currencies) = 1 THEN p_currencies[1] ELSE a.currency END,
            CASE WHEN cardinality(p_balances) = 1 THEN p_balances[1] ELSE a.balance END,
            CASE WHEN cardinality(p_floors) = 1 THEN p_floors[1] ELSE a.floor END,
            CASE WHEN cardinality(p_partners) = 1 THEN p_partners[1] ELSE a.partner END,
            CASE WHEN cardinality(p_uplines) = 1 THEN p_uplines[1] ELSE a.upline END,
            CASE WHEN cardinality(p_customers) = 1 THEN p_customers[1] ELSE a.customer END,
            p_opened_at
        FROM unnest(p_ids, p_kinds, p_currencies, p_balances, p_floors, p_partners, p_uplines, p_customers)
            AS a (id, kind, currency, balance, floor, partner, upline, customer);
    END $$;

    CREATE FUNCTION ledger_open(
        p_ids uuid[], p_kinds text[], p_currencies text[], p_floors bigint[],
        p_partners uuid[], p_uplines uuid[], p_customers uuid[], p_opened_at timestamptz
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        PERFORM ledger_insert_accounts(p_ids, p_kinds, p_currencies, p_floors,
                                       p_partners, p_uplines, p_customers, p_opened_at, ARRAY[0::bigint]);
    END $$;
    """,
    """
    DROP FUNCTION ledger_open(uuid[], text[], text[], bigint[], uuid[], uuid[], uuid[], timestamptz);
    DROP FUNCTION ledger_insert_accounts(uuid[], text[], text[], bigint[], uuid[], uuid[], uuid[], timestamptz,
                                         bigint[]);
    """,
)

# Entries first, balances last and in id order: opposite transfers cannot deadlock, and a hot account is locked only for
# the last step. Nothing is read to decide whether there is enough; the account's CHECK does.
WRITE = (
    """
    CREATE FUNCTION ledger_draft(
        p_id uuid, p_kind text, p_operation uuid, p_reason text, p_actor uuid, p_home uuid, p_seat uuid, p_at timestamptz
    ) RETURNS ledger_transfer LANGUAGE plpgsql AS $$
    DECLARE
        t ledger_transfer;
    BEGIN
        t.id := p_id;
        t.kind := p_kind;
        t.operation_id := p_operation;
        t.reason := p_reason;
        t.actor_user_id := p_actor;
        t.home_id := p_home;
        t.seat_id := p_seat;
        t.at := p_at;
        RETURN t;
    END $$;

    CREATE FUNCTION ledger_assert(p_transfer uuid, p_moves int, v record) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF v.entries <> p_moves THEN
            RAISE EXCEPTION 'unknown account, or one of another currency' USING ERRCODE = 'PL003';
        END IF;
        IF v.total <> 0 OR v.first_currency <> v.last_currency AND EXISTS (
            SELECT FROM ledger_entry WHERE transfer_id = p_transfer GROUP BY currency HAVING sum(amount_minor) <> 0
        ) THEN
            RAISE EXCEPTION 'entries do not sum to zero' USING ERRCODE = 'PL002';
        END IF;
        IF v.foreign_id IS NOT NULL AND current_setting('app.all', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'value may be taken only from accounts of the seat'
                USING ERRCODE = 'PL004', DETAIL = v.foreign_id;
        END IF;
    END $$;

    CREATE FUNCTION ledger_settle(p_accounts uuid[], p_amounts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE ledger_account AS a SET balance = a.balance + locked.amount
        FROM (
            SELECT b.id, m.amount FROM unnest(p_accounts, p_amounts) AS m (id, amount)
            JOIN ledger_account AS b ON b.id = m.id ORDER BY b.id FOR NO KEY UPDATE OF b
        ) AS locked
        WHERE a.id = locked.id;
    END $$;

    CREATE FUNCTION ledger_write(
        t ledger_transfer, p_accounts uuid[], p_amounts bigint[], p_currencies text[], p_settled int
    ) RETURNS uuid LANGUAGE plpgsql AS $$
    DECLARE
        v_moves int := cardinality(p_accounts);
        v_seat uuid := access_seat();
        v record;
    BEGIN
        IF v_moves < 2 OR v_moves IS DISTINCT FROM cardinality(p_amounts) THEN
            RAISE EXCEPTION 'a transfer has two entries at least' USING ERRCODE = 'PL002';
        END IF;
        WITH written AS (
            INSERT INTO ledger_entry
                (transfer_id, account_id, amount_minor, currency, partner_id, upline_id, customer_id)
            SELECT t.id, a.id, m.amount, a.currency, a.partner_id, a.upline_id, a.customer_id
            FROM unnest(p_accounts, p_amounts, p_currencies) AS m (id, amount, currency)
            JOIN ledger_account AS a ON a.id = m.id
                AND a.currency = CASE WHEN cardinality(p_currencies) = 1 THEN p_currencies[1] ELSE m.currency END
            RETURNING account_id, amount_minor, currency, partner_id, upline_id, customer_id
        )
        SELECT count(*) AS entries, sum(amount_minor) AS total,
            min(currency) AS first_currency, max(currency) AS last_currency,
            min(account_id::text) FILTER (
                WHERE amount_minor < 0 AND (v_seat IN (partner_id, upline_id, customer_id)) IS NOT TRUE
            ) AS foreign_id,
            array_agg(DISTINCT partner_id) FILTER (WHERE partner_id IS NOT NULL) AS partners,
            array_agg(DISTINCT upline_id) FILTER (WHERE upline_id IS NOT NULL) AS uplines,
            array_agg(DISTINCT customer_id) FILTER (WHERE customer_id IS NOT NULL) AS customers,
            string_agg(ledger_line(account_id, amount_minor, currency, partner_id, upline_id, customer_id),
                       E'\\n' ORDER BY account_id) AS lines
        INTO v FROM written;
        PERFORM ledger_assert(t.id, v_moves, v);
        t.partner_id := CASE WHEN cardinality(v.partners) = 1 THEN v.partners[1] END;
        t.upline_id := CASE WHEN cardinality(v.uplines) = 1 THEN v.uplines[1] END;
        t.customer_id := CASE WHEN cardinality(v.customers) = 1 THEN v.customers[1] END;
        t.entry_count := v_moves;
        t.recorded_at := ledger_stamp();
        t.digest := ledger_digest(t, v.lines);
        INSERT INTO ledger_transfer VALUES (t.*);
        PERFORM ledger_settle(p_accounts[p_settled + 1:], p_amounts[p_settled + 1:]);
        RETURN t.id;
    END $$;
    """,
    """
    DROP FUNCTION ledger_write(ledger_transfer, uuid[], bigint[], text[], int);
    DROP FUNCTION ledger_settle(uuid[], bigint[]);
    DROP FUNCTION ledger_assert(uuid, int, record);
    DROP FUNCTION ledger_draft(uuid, text, uuid, text, uuid, uuid, uuid, timestamptz);
    """,
)
