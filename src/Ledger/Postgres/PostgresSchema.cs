using Microsoft.Extensions.Logging;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>The schema in PostgreSQL, version by version. A published version is never edited; a change is a new one.</summary>
internal static class PostgresSchema
{
    /// <summary>
    /// An entry's position is the number of the transaction that wrote it, shifted left by this, plus its place in the transaction.
    /// </summary>
    public const int PositionBits = 16;

    /// <summary>
    /// The lock under which the schema and the periods change. Any number that no other program in the database takes for its own.
    /// </summary>
    public const long StartUpLock = 0x736574746C656D65;

    // Fixed-width columns stand first, widest first, so that no row carries padding. The blobs are not compressible to speak of:
    // EXTERNAL spares the attempt. toast_tuple_target keeps rows up to one page in the table. Person ids compare byte by byte ("C"),
    // which is faster and the same in both stores. Every index is a promise; there is none for convenience.
    private const string Version1 = """
        CREATE TABLE ledger.entry (
            position bigint NOT NULL,
            recorded_at timestamptz NOT NULL,
            pack_key bigint NOT NULL,
            total bigint NOT NULL,
            pooled bigint NOT NULL CHECK (pooled >= 0),
            serious_illness bigint NOT NULL CHECK (serious_illness >= 0),
            assistance_basic bigint NOT NULL CHECK (assistance_basic >= 0),
            assistance_tilt bigint NOT NULL CHECK (assistance_tilt >= 0),
            assistance_outpatient bigint NOT NULL CHECK (assistance_outpatient >= 0),
            assistance_other bigint NOT NULL CHECK (assistance_other >= 0),
            person_pays bigint NOT NULL CHECK (person_pays >= 0),
            request_key uuid NOT NULL,
            charge_key uuid,
            sequence integer NOT NULL CHECK (sequence >= 1),
            region integer NOT NULL CHECK (region >= 0),
            effective_date date NOT NULL CHECK (effective_date BETWEEN '1900-01-01' AND '9998-12-31'),
            reverses integer CHECK (reverses >= 1 AND reverses < sequence),
            benefit_year smallint NOT NULL CHECK (benefit_year BETWEEN 1900 AND 9998),
            visit_type smallint NOT NULL CHECK (visit_type >= 0),
            kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 6),
            charge_generation smallint CHECK (charge_generation >= 0),
            person_id text COLLATE "C" NOT NULL CHECK (length(person_id) BETWEEN 1 AND 30),
            origin text COLLATE "C" NOT NULL CHECK (length(origin) BETWEEN 1 AND 30),
            request_id text COLLATE "C" NOT NULL CHECK (length(request_id) BETWEEN 1 AND 64),
            previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
            hash bytea NOT NULL CHECK (length(hash) = 32),
            event bytea NOT NULL,
            answer bytea NOT NULL,
            account_after bytea NOT NULL,
            CONSTRAINT entry_sum CHECK (total = pooled + serious_illness + assistance_basic + assistance_tilt + assistance_outpatient
                + assistance_other + person_pays),
            CONSTRAINT entry_reversal CHECK ((kind = 4) = (reverses IS NOT NULL)),
            CONSTRAINT entry_charge_generation CHECK ((charge_key IS NULL) = (charge_generation IS NULL)),
            CONSTRAINT entry_chain CHECK ((sequence = 1) = (previous_hash = decode(repeat('00', 32), 'hex'))),
            CONSTRAINT entry_person PRIMARY KEY (person_id, sequence),
            CONSTRAINT entry_request UNIQUE (request_key),
            CONSTRAINT entry_position UNIQUE (position)
        ) WITH (toast_tuple_target = 8160);
        CREATE UNIQUE INDEX entry_charge ON ledger.entry (charge_key, charge_generation) WHERE charge_key IS NOT NULL;
        CREATE UNIQUE INDEX entry_reverses ON ledger.entry (person_id, reverses) WHERE reverses IS NOT NULL;
        ALTER TABLE ledger.entry
            ALTER COLUMN previous_hash SET STORAGE PLAIN,
            ALTER COLUMN hash SET STORAGE PLAIN,
            ALTER COLUMN event SET STORAGE EXTERNAL,
            ALTER COLUMN answer SET STORAGE EXTERNAL,
            ALTER COLUMN account_after SET STORAGE EXTERNAL;

        CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'ledger entries are never changed or removed' USING ERRCODE = 'integrity_constraint_violation'; END $$;
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry
            FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

        CREATE TABLE ledger.pack (
            pack_key bigint PRIMARY KEY,
            sha256 bytea NOT NULL CHECK (length(sha256) = 32),
            name text NOT NULL,
            archive bytea NOT NULL
        );

        -- One row. position_base lifts positions above those that came with a restore into a younger server.
        CREATE TABLE ledger.meta (
            single_row boolean PRIMARY KEY DEFAULT true CHECK (single_row),
            version integer NOT NULL,
            position_base bigint NOT NULL
        );
        INSERT INTO ledger.meta (version, position_base) VALUES (0, 0);
        """;

    // A seventh kind: the entry that closes a correction.
    private const string Version2 = """
        ALTER TABLE ledger.entry
            DROP CONSTRAINT entry_kind_check,
            ADD CONSTRAINT entry_kind_check CHECK (kind BETWEEN 1 AND 7),
            ADD CONSTRAINT entry_correction CHECK (kind <> 7 OR (total = 0 AND charge_key IS NULL));
        """;

    // COPY cannot compute one column from others, so a position is kept in two: the database numbers the transaction, the writer the
    // place in it. Entries written before this version hold the sum in the first.
    private const string Version3 = """
        ALTER TABLE ledger.entry ADD COLUMN place integer NOT NULL DEFAULT 0 CHECK (place BETWEEN 0 AND 65535);
        ALTER TABLE ledger.entry DROP CONSTRAINT entry_position, ADD CONSTRAINT entry_position UNIQUE (position, place);
        CREATE FUNCTION ledger.set_position_base(base bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
            UPDATE ledger.meta SET position_base = base;
            EXECUTE format('ALTER TABLE ledger.entry ALTER COLUMN position SET DEFAULT %s + (pg_current_xact_id()::text::bigint << 16)', base);
        END $$;
        SELECT ledger.set_position_base(position_base) FROM ledger.meta;
        """;

    // Every statement reads and compiles the checks of its table anew, and 26 of them cost more than one row. A function is compiled once a
    // session. It also knows an eighth kind, the void of a request that never arrived. A further kind replaces the function, whatever
    // tables there are. What is there kept narrower rules, so it need not be read again (NOT VALID). The one index that is no promise finds
    // the positions of a day. It holds two times for each 32 pages; a page is looked up in it once.
    private const string Version4 = """
        DO $$ DECLARE name name; BEGIN
            FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'ledger.entry'::regclass AND contype = 'c' LOOP
                EXECUTE format('ALTER TABLE ledger.entry DROP CONSTRAINT %I', name);
            END LOOP;
        END $$;
        CREATE FUNCTION ledger.is_entry(
            total bigint, pooled bigint, serious_illness bigint, assistance_basic bigint, assistance_tilt bigint, assistance_outpatient bigint,
            assistance_other bigint, person_pays bigint, charge_key uuid, sequence integer, region integer, effective_date date, reverses integer,
            benefit_year smallint, visit_type smallint, kind smallint, charge_generation smallint, person_id text, origin text, request_id text,
            previous_hash bytea, hash bytea, place integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
        BEGIN
            RETURN pooled >= 0 AND serious_illness >= 0 AND assistance_basic >= 0 AND assistance_tilt >= 0 AND assistance_outpatient >= 0
                AND assistance_other >= 0 AND person_pays >= 0
                AND total = pooled + serious_illness + assistance_basic + assistance_tilt + assistance_outpatient + assistance_other + person_pays
                AND kind BETWEEN 1 AND 8
                AND (kind = 4) = (reverses IS NOT NULL)
                AND (kind NOT IN (7, 8) OR (total = 0 AND charge_key IS NULL))
                AND sequence >= 1
                AND (reverses >= 1) IS NOT FALSE AND (reverses < sequence) IS NOT FALSE
                AND (sequence = 1) = (previous_hash = '\x0000000000000000000000000000000000000000000000000000000000000000')
                AND (charge_key IS NULL) = (charge_generation IS NULL) AND (charge_generation >= 0) IS NOT FALSE
                AND region >= 0 AND visit_type >= 0
                AND benefit_year BETWEEN 1900 AND 9998
                AND effective_date BETWEEN '1900-01-01' AND '9998-12-31'
                AND length(person_id) BETWEEN 1 AND 30 AND length(origin) BETWEEN 1 AND 30 AND length(request_id) BETWEEN 1 AND 64
                AND length(previous_hash) = 32 AND length(hash) = 32
                AND place BETWEEN 0 AND 65535;
        END $$;
        ALTER TABLE ledger.entry ADD CONSTRAINT entry_is_entry CHECK (ledger.is_entry(
            total, pooled, serious_illness, assistance_basic, assistance_tilt, assistance_outpatient, assistance_other, person_pays, charge_key,
            sequence, region, effective_date, reverses, benefit_year, visit_type, kind, charge_generation, person_id, origin, request_id,
            previous_hash, hash, place)) NOT VALID;
        CREATE INDEX entry_recorded ON ledger.entry USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on);
        """;

    // A table for each period under one parent, which holds nothing itself and is what readers read. The table of before becomes that of
    // the first period as it stands: no row is read or rewritten. Inheritance, not declarative partitions: those need a column for the key
    // in every row, a scan of the old rows, and a lock against all readers to detach. See docs/decisions/time-partitions.md.
    private const string Version5 = """
        ALTER TABLE ledger.entry RENAME TO entry_1;
        CREATE TABLE ledger.entry (LIKE ledger.entry_1 INCLUDING ALL EXCLUDING CONSTRAINTS) WITH (toast_tuple_target = 8160);
        ALTER TABLE ledger.entry_1 INHERIT ledger.entry;
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry
            FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

        -- LP001: this table takes no entries; the writer must learn which one does.
        CREATE FUNCTION ledger.refuse_insert() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'ledger.% takes no entries: see ledger.period for the open one', TG_TABLE_NAME USING ERRCODE = 'LP001'; END $$;
        CREATE TRIGGER entry_takes_nothing BEFORE INSERT ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_insert();

        -- The periods in their order; the entries of each are in ledger.entry_<number>. The open one has no label yet. What stands in the
        -- last five columns is counted when a period is detached.
        CREATE TABLE ledger.period (
            number integer PRIMARY KEY CHECK (number >= 1),
            label text UNIQUE CHECK (label ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,29}$'),
            opened_at timestamptz NOT NULL DEFAULT now(),
            closed_at timestamptz,
            detached boolean NOT NULL DEFAULT false,
            entries bigint,
            persons bigint,
            last_position bigint,
            digest bytea CHECK (length(digest) = 32),
            carried_digest bytea CHECK (length(carried_digest) = 32),
            CHECK ((label IS NULL) = (closed_at IS NULL)),
            CHECK (NOT detached OR (closed_at IS NOT NULL AND entries IS NOT NULL AND persons IS NOT NULL AND digest IS NOT NULL
                AND carried_digest IS NOT NULL))
        );
        CREATE UNIQUE INDEX period_open ON ledger.period ((closed_at IS NULL)) WHERE closed_at IS NULL;
        INSERT INTO ledger.period (number) VALUES (1);

        -- Of each person the newest entry of each detached period, an exact copy: what follows it can be checked, and who has been
        -- dormant since still wakes from one row.
        CREATE TABLE ledger.carried (
            LIKE ledger.entry_1 INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE,
            period integer NOT NULL,
            CONSTRAINT carried_person PRIMARY KEY (person_id, sequence)
        ) WITH (toast_tuple_target = 8160);
        CREATE TRIGGER carried_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.carried
            FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

        -- The keys of the entries of detached periods, so that no request or charge of theirs is settled again.
        CREATE TABLE ledger.archived_key (
            request_key uuid NOT NULL,
            charge_key uuid,
            period integer NOT NULL,
            charge_generation smallint,
            reversed boolean NOT NULL,
            CONSTRAINT archived_request PRIMARY KEY (request_key)
        );
        CREATE UNIQUE INDEX archived_charge ON ledger.archived_key (charge_key, charge_generation) WHERE charge_key IS NOT NULL;
        CREATE TRIGGER archived_key_is_never_removed BEFORE DELETE OR TRUNCATE ON ledger.archived_key
            FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

        -- Writes the function that reads a person's newest entry: newest period first, and an older one only when no newer one knows the
        -- person. To be called whenever the attached periods, or the columns of ledger.entry, change.
        CREATE FUNCTION ledger.compose_newest() RETURNS void LANGUAGE plpgsql AS $compose$
        DECLARE
            columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                WHERE attrelid = 'ledger.entry'::regclass AND attnum > 0 AND NOT attisdropped);
            unknown text := '';
            parts text[] := '{}';
            source record;
        BEGIN
            FOR source IN
                SELECT number, 'ledger.entry_' || number AS name FROM ledger.period WHERE NOT detached
                UNION ALL SELECT 0, 'ledger.carried' WHERE EXISTS (SELECT FROM ledger.period WHERE detached)
                ORDER BY number DESC
            LOOP
                parts := parts || format('(SELECT %s FROM %s WHERE person_id = $1%s ORDER BY sequence DESC LIMIT 1)', columns, source.name, unknown);
                unknown := unknown || format(' AND NOT EXISTS (SELECT FROM %s WHERE person_id = $1)', source.name);
            END LOOP;
            EXECUTE format('CREATE OR REPLACE FUNCTION ledger.newest(person text) RETURNS SETOF ledger.entry LANGUAGE sql STABLE ROWS 1 AS %L',
                array_to_string(parts, ' UNION ALL '));
        END $compose$;
        SELECT ledger.compose_newest();

        -- LP002: a reader behind a detached period would skip it unseen.
        CREATE FUNCTION ledger.feed_reaches(after bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
        DECLARE
            missed record;
        BEGIN
            SELECT label, last_position INTO missed FROM ledger.period WHERE detached AND last_position > after ORDER BY number DESC LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'entries behind position % are in period %, which is detached: attach it, or go on behind its last position, %',
                    after, missed.label, missed.last_position USING ERRCODE = 'LP002';
            END IF;
            RETURN true;
        END $$;
        """;

    // What facilities hand in beside settlements: reports of visits, files (Facilities/).
    private const string Version6 = """
        CREATE TABLE ledger.facility_record (
            recorded_at timestamptz NOT NULL,
            sequence integer NOT NULL CHECK (sequence >= 1),
            facility text COLLATE "C" NOT NULL CHECK (length(facility) BETWEEN 1 AND 30),
            subject text COLLATE "C" NOT NULL CHECK (length(subject) BETWEEN 1 AND 30),
            message_id text COLLATE "C" NOT NULL CHECK (length(message_id) BETWEEN 1 AND 30),
            body bytea NOT NULL,
            CONSTRAINT facility_record_subject PRIMARY KEY (facility, subject, sequence),
            CONSTRAINT facility_record_message UNIQUE (facility, message_id)
        );
        """;

    // What the silos that share the ledger say of themselves every few seconds, for people to look at (Nodes/).
    private const string Version7 = """
        CREATE TABLE ledger.node (
            heard_at timestamptz NOT NULL,
            instance uuid NOT NULL,
            watches boolean NOT NULL,
            name text COLLATE "C" NOT NULL,
            address text COLLATE "C" NOT NULL,
            report jsonb NOT NULL,
            CONSTRAINT node_place PRIMARY KEY (name, address)
        ) WITH (fillfactor = 50);
        """;

    // PostgreSQL summarises 256 ranges a minute at most, and logs each further request for one. Ranges of 32 pages were more than
    // that above some 1,000 entries a second, those of 1,024 (8 MiB) are above some 30,000. Closed periods ask for no more.
    private const string Version8 = """
        DO $$ DECLARE
            times record;
        BEGIN
            FOR times IN
                SELECT i.indexrelid::regclass AS index
                FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
                WHERE a.amname = 'brin'
                    AND i.indrelid = (SELECT ('ledger.entry_' || number)::regclass FROM ledger.period WHERE closed_at IS NULL)
            LOOP
                EXECUTE format('ALTER INDEX %s SET (pages_per_range = 1024)', times.index);
                EXECUTE format('REINDEX INDEX %s', times.index);
            END LOOP;
        END $$;
        """;

    /// <summary>What each version added, in order.</summary>
    public static IReadOnlyList<string> Versions { get; } =
        [Version1, Version2, Version3, Version4, Version5, Version6, Version7, Version8];

    public static int Current => Versions.Count;

    /// <summary>Creates or migrates under a lock, so that several silos starting at once do it once.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, string place, ILogger logger, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({StartUpLock})", cancellation).ConfigureAwait(false);
        int found = await FindVersionAsync(connection, place, cancellation).ConfigureAwait(false);
        if (found > Current)
        {
            throw new LedgerSchemaException(
                $"The ledger at {place} has schema version {found}; this program knows versions up to {Current}. Start the newer program that wrote it.");
        }
        for (int version = found; version < Current; version++)
            await ExecuteAsync(connection, Versions[version], cancellation).ConfigureAwait(false);
        if (found < Current)
            await ExecuteAsync(connection, $"UPDATE ledger.meta SET version = {Current}", cancellation).ConfigureAwait(false);
        bool raised = await RaisePositionsAsync(connection, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);

        if (found < Current) LedgerLog.Migrated(logger, place, found, Current);
        if (raised) LedgerLog.PositionsRaised(logger, place);
        LedgerLog.Initialised(logger, place, Current);
    }

    /// <summary>Refuses a version that another program has put in place meanwhile.</summary>
    /// <exception cref="LedgerSchemaException">It is not this program's.</exception>
    public static void EnsureCurrent(int found, string place)
    {
        if (found != Current) throw LedgerSchemaException.Changed(place, found, Current);
    }

    private static async Task<int> FindVersionAsync(NpgsqlConnection connection, string place, CancellationToken cancellation)
    {
        if (await ScalarAsync(connection, "SELECT to_regclass('ledger.meta') IS NOT NULL", cancellation).ConfigureAwait(false) is true)
            return (int)(await ScalarAsync(connection, "SELECT version FROM ledger.meta", cancellation).ConfigureAwait(false))!;
        if (await ScalarAsync(connection, "SELECT to_regclass('ledger.entry') IS NOT NULL", cancellation).ConfigureAwait(false) is true)
            throw new LedgerSchemaException(
                $"The database at {place} has a table ledger.entry, but not of this product. Use another database.");
        await ExecuteAsync(connection, "CREATE SCHEMA IF NOT EXISTS ledger", cancellation).ConfigureAwait(false);
        return 0;
    }

    /// <summary>
    /// Transaction numbers start low on a new server: after a restore from a dump, positions made of them would repeat old ones. When the
    /// newest position, that of a detached period too, is not below this transaction's own, the base is raised above it.
    /// </summary>
    private static async Task<bool> RaisePositionsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        string sql = $"""
            SELECT newest.position FROM ledger.meta, (SELECT greatest(
                (SELECT max(position) FROM ledger.entry), (SELECT max(last_position) FROM ledger.period), 0) AS position) AS newest
            WHERE newest.position >= position_base + ({CurrentTransaction} << {PositionBits})
            """;
        if (await ScalarAsync(connection, sql, cancellation).ConfigureAwait(false) is not long newest) return false;
        // A whole number of transactions: the feed begins at that of the position it is given.
        long above = ((newest >> PositionBits) + 1) << PositionBits;
        await ExecuteAsync(connection, $"SELECT ledger.set_position_base({above})", cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>SQL: the number of the running transaction, 64 bits wide.</summary>
    public const string CurrentTransaction = "pg_current_xact_id()::text::bigint";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }
}
