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

    // Any number that no other program in the database takes for its own lock.
    private const long StartUpLock = 0x736574746C656D65;

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

    // An eighth kind: the void of a request that never arrived. What is there kept narrower rules, so it need not be read again (NOT VALID).
    // The one index that is no promise finds the positions of a day. It holds two times for each 32 pages; a page is looked up in it once.
    private const string Version4 = """
        ALTER TABLE ledger.entry
            DROP CONSTRAINT entry_kind_check,
            DROP CONSTRAINT entry_correction,
            ADD CONSTRAINT entry_kind_check CHECK (kind BETWEEN 1 AND 8) NOT VALID,
            ADD CONSTRAINT entry_without_amounts CHECK (kind NOT IN (7, 8) OR (total = 0 AND charge_key IS NULL)) NOT VALID;
        CREATE INDEX entry_recorded ON ledger.entry USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on);
        """;

    // What facilities hand in beside settlements: reports of visits, files (Facilities/).
    private const string Version5 = """
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

    /// <summary>What each version added, in order.</summary>
    public static IReadOnlyList<string> Versions { get; } = [Version1, Version2, Version3, Version4, Version5];

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
        if (found < Current) await ExecuteAsync(connection, $"UPDATE ledger.meta SET version = {Current}", cancellation).ConfigureAwait(false);
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
            throw new LedgerSchemaException($"The database at {place} has a table ledger.entry, but not of this product. Use another database.");
        await ExecuteAsync(connection, "CREATE SCHEMA IF NOT EXISTS ledger", cancellation).ConfigureAwait(false);
        return 0;
    }

    /// <summary>
    /// Transaction numbers start low on a new server: after a restore from a dump, positions made of them would repeat old ones. When the
    /// newest position is not below this transaction's own, the base is raised above it.
    /// </summary>
    private static async Task<bool> RaisePositionsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        string sql = $"""
            SELECT newest.position FROM ledger.meta, (SELECT coalesce(max(position), 0) AS position FROM ledger.entry) AS newest
            WHERE newest.position >= position_base + ({CurrentTransaction} << {PositionBits})
            """;
        if (await ScalarAsync(connection, sql, cancellation).ConfigureAwait(false) is not long newest) return false;
        await ExecuteAsync(connection, $"SELECT ledger.set_position_base({newest + (1 << PositionBits)})", cancellation).ConfigureAwait(false);
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
