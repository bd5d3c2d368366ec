"""The ledger's verbs in PostgreSQL, as the first migration creates them: (forwards, backwards) pairs."""

from __future__ import annotations

_HEADER = (
    "p_id uuid, p_kind text, p_operation uuid, p_reason text, p_actor uuid, p_home uuid, p_seat uuid, p_at timestamptz"
)
_HEADER_TYPES = "uuid, text, uuid, text, uuid, uuid, uuid, timestamptz"
_DRAFT = "ledger_draft(p_id, p_kind, p_operation, p_reason, p_actor, p_home, p_seat, p_at)"
# pg_temp is named last, or a temporary table of the caller's would stand in for the ledger's own.
_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
# Arrays as parameters make PostgreSQL plan every call anew, which takes twice as long as the work itself. The one plan
# that is kept must not be a scan of an account table that was small when it was made.
_WRITER = f"{_DEFINER} SET plan_cache_mode = force_generic_plan SET enable_seqscan = off"

POST = (
    f"""
    CREATE FUNCTION ledger_post({_HEADER}, p_accounts uuid[], p_amounts bigint[], p_currencies text[])
    RETURNS uuid LANGUAGE plpgsql {_WRITER} AS $$
    BEGIN
        RETURN ledger_write({_DRAFT}, p_accounts, p_amounts, p_currencies, 0);
    END $$;
    """,
    f"DROP FUNCTION ledger_post({_HEADER_TYPES}, uuid[], bigint[], text[]);",
)

# Accounts that begin with a balance are written once, where opening and posting would write each of them twice.
FUND = (
    f"""
    CREATE FUNCTION ledger_fund(
        {_HEADER}, p_sources uuid[], p_taken bigint[],
        p_ids uuid[], p_kinds text[], p_currencies text[], p_floors bigint[],
        p_partners uuid[], p_uplines uuid[], p_customers uuid[], p_balances bigint[]
    ) RETURNS uuid LANGUAGE plpgsql {_WRITER} AS $$
    DECLARE
        v_each bigint[] := p_balances;
    BEGIN
        IF cardinality(p_currencies) <> 1 THEN
            RAISE EXCEPTION 'accounts are funded in one currency' USING ERRCODE = 'PL002';
        END IF;
        IF cardinality(p_balances) = 1 THEN
            v_each := array_fill(p_balances[1], ARRAY[cardinality(p_ids)]);
        END IF;
        PERFORM ledger_insert_accounts(p_ids, p_kinds, p_currencies, p_floors,
                                       p_partners, p_uplines, p_customers, p_at, p_balances);
        RETURN ledger_write({_DRAFT}, p_ids || p_sources, v_each || p_taken, p_currencies, cardinality(p_ids));
    END $$;
    """,
    f"""
    DROP FUNCTION ledger_fund({_HEADER_TYPES}, uuid[], bigint[], uuid[], text[], text[], bigint[],
                              uuid[], uuid[], uuid[], bigint[]);
    """,
)

# How much is left is known only under the lock, so here the locks come first; in id order as everywhere.
SWEEP = (
    f"""
    CREATE FUNCTION ledger_sweep({_HEADER}, p_accounts uuid[], p_into uuid[])
    RETURNS TABLE (account_id uuid, amount_minor bigint) LANGUAGE plpgsql {_WRITER} AS $$
    DECLARE
        v_ids uuid[];
        v_amounts bigint[];
        v_currencies text[];
    BEGIN
        PERFORM FROM ledger_account AS a WHERE a.id = ANY (p_accounts || p_into) ORDER BY a.id FOR NO KEY UPDATE;
        WITH swept AS (
            SELECT a.id, a.balance, a.currency::text,
                CASE WHEN cardinality(p_into) = 1 THEN p_into[1] ELSE m.into_id END AS into_id
            FROM unnest(p_accounts, p_into) AS m (id, into_id) JOIN ledger_account AS a ON a.id = m.id
            WHERE a.balance > 0
        ), moves AS (
            SELECT s.id, -s.balance AS amount, s.currency FROM swept AS s
            UNION ALL
            SELECT s.into_id, sum(s.balance)::bigint, s.currency FROM swept AS s GROUP BY s.into_id, s.currency
        )
        SELECT array_agg(m.id), array_agg(m.amount), array_agg(m.currency)
        INTO v_ids, v_amounts, v_currencies FROM moves AS m;
        IF v_ids IS NULL THEN
            RETURN;
        END IF;
        PERFORM ledger_write({_DRAFT}, v_ids, v_amounts, v_currencies, 0);
        RETURN QUERY SELECT m.id, -m.amount FROM unnest(v_ids, v_amounts) AS m (id, amount) WHERE m.amount < 0;
    END $$;
    """,
    f"DROP FUNCTION ledger_sweep({_HEADER_TYPES}, uuid[], uuid[]);",
)

# Absent and foreign look the same: both are PL404.
REVERSE = (
    f"""
    CREATE FUNCTION ledger_touches(p_transfer uuid) RETURNS boolean LANGUAGE plpgsql STABLE {_DEFINER} AS $$
    DECLARE
        v_seat uuid := access_seat();
    BEGIN
        RETURN v_seat IS NOT NULL AND EXISTS (
            SELECT FROM ledger_entry AS e
            WHERE e.transfer_id = p_transfer AND v_seat IN (e.partner_id, e.upline_id, e.customer_id)
        );
    END $$;

    CREATE FUNCTION ledger_reverse({_HEADER}, p_reverses uuid, p_approved_by uuid)
    RETURNS uuid LANGUAGE plpgsql {_WRITER} AS $$
    DECLARE
        t ledger_transfer := {_DRAFT};
        v_original ledger_transfer;
        v record;
    BEGIN
        SELECT * INTO v_original FROM ledger_transfer WHERE id = p_reverses
            AND (current_setting('app.all', true) = 'on' OR ledger_touches(id));
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no such transfer' USING ERRCODE = 'PL404';
        END IF;
        IF v_original.reverses_id IS NOT NULL THEN
            RAISE EXCEPTION 'a reversal is not reversed; post again' USING ERRCODE = 'PL005';
        END IF;
        t.kind := v_original.kind || '.reversed';
        t.reverses_id := p_reverses;
        t.approved_by_id := p_approved_by;
        SELECT array_agg(account_id) AS accounts, array_agg(-amount_minor) AS amounts, array_agg(currency::text) AS currencies
            INTO v FROM ledger_entry WHERE transfer_id = p_reverses;
        RETURN ledger_write(t, v.accounts, v.amounts, v.currencies, 0);
    END $$;
    """,
    f"""
    DROP FUNCTION ledger_reverse({_HEADER_TYPES}, uuid, uuid);
    DROP FUNCTION ledger_touches(uuid);
    """,
)

# Hours come in order and none is left out. The first that a straggler still holds, or that the server's own clock does
# not call over, ends the run.
SEAL = (
    f"""
    CREATE FUNCTION ledger_seals_due(p_now timestamptz, p_limit int)
    RETURNS TABLE (hour timestamptz, transfer_count int, sums jsonb, previous_root bytea, root bytea)
    LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE
        v_end timestamptz := least(p_now, clock_timestamp()) - interval '10 minutes';
    BEGIN
        IF current_setting('app.all', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'seals are for who sees all' USING ERRCODE = 'PL004';
        END IF;
        PERFORM pg_advisory_xact_lock(7310003);
        SELECT s.hour + interval '1 hour', s.root INTO hour, previous_root
            FROM ledger_seal AS s ORDER BY s.hour DESC LIMIT 1;
        IF NOT FOUND THEN
            SELECT date_trunc('hour', min(t.recorded_at), 'UTC'), decode(repeat('00', 32), 'hex')
                INTO hour, previous_root FROM ledger_transfer AS t;
        END IF;
        WHILE p_limit > 0 AND hour + interval '1 hour' <= v_end
            AND pg_try_advisory_xact_lock(7310002, ledger_hour(hour))
        LOOP
            SELECT count(*), sha256(previous_root || coalesce(string_agg(t.digest, ''::bytea ORDER BY t.recorded_at, t.id), ''))
                INTO transfer_count, root FROM ledger_transfer AS t
                WHERE t.recorded_at >= hour AND t.recorded_at < hour + interval '1 hour';
            sums := ledger_sums(hour);
            RETURN NEXT;
            previous_root := root;
            hour := hour + interval '1 hour';
            p_limit := p_limit - 1;
        END LOOP;
    END $$;

    CREATE FUNCTION ledger_sums(p_hour timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
        SELECT coalesce(jsonb_object_agg(currency, total), '{{}}') FROM (
            SELECT e.currency, sum(e.amount_minor) AS total
            FROM ledger_transfer AS t JOIN ledger_entry AS e ON e.transfer_id = t.id
            WHERE t.recorded_at >= p_hour AND t.recorded_at < p_hour + interval '1 hour' AND e.amount_minor > 0
            GROUP BY e.currency
        ) AS by_currency
    $$;

    CREATE FUNCTION ledger_seal(
        p_hours timestamptz[], p_counts int[], p_sums jsonb[], p_previous bytea[], p_roots bytea[],
        p_signatures bytea[], p_key_id text
    ) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
    BEGIN
        IF current_setting('app.all', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'seals are for who sees all' USING ERRCODE = 'PL004';
        END IF;
        INSERT INTO ledger_seal
            (hour, transfer_count, sums, previous_root, root, signature, key_id)
        SELECT s.*, p_key_id FROM unnest(p_hours, p_counts, p_sums, p_previous, p_roots, p_signatures) AS s;
    END $$;
    """,
    """
    DROP FUNCTION ledger_seal(timestamptz[], int[], jsonb[], bytea[], bytea[], bytea[], text);
    DROP FUNCTION ledger_sums(timestamptz);
    DROP FUNCTION ledger_seals_due(timestamptz, int);
    """,
)
