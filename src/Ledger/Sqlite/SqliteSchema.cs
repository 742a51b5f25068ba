using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Settlement.Ledger.Sqlite;

/// <summary>The schema in SQLite, version by version. A published version is never edited; a change is a new one.</summary>
internal static class SqliteSchema
{
    /// <summary>"sttl": tells our file from other SQLite files.</summary>
    private const int ApplicationId = 0x7374746C;

    // Times are microseconds since 1970 UTC, dates yyyymmdd, keys and hashes BLOBs. A rowid table whose rowid is the position: rows
    // are appended at the end of the file, never in the middle.
    private const string Version1 = """
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            recorded_at INTEGER NOT NULL,
            pack_key INTEGER NOT NULL,
            total INTEGER NOT NULL,
            pooled INTEGER NOT NULL CHECK (pooled >= 0),
            serious_illness INTEGER NOT NULL CHECK (serious_illness >= 0),
            assistance_basic INTEGER NOT NULL CHECK (assistance_basic >= 0),
            assistance_tilt INTEGER NOT NULL CHECK (assistance_tilt >= 0),
            assistance_outpatient INTEGER NOT NULL CHECK (assistance_outpatient >= 0),
            assistance_other INTEGER NOT NULL CHECK (assistance_other >= 0),
            person_pays INTEGER NOT NULL CHECK (person_pays >= 0),
            request_key BLOB NOT NULL CHECK (length(request_key) = 16),
            charge_key BLOB CHECK (length(charge_key) = 16),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            region INTEGER NOT NULL CHECK (region >= 0),
            effective_date INTEGER NOT NULL CHECK (effective_date BETWEEN 19000101 AND 99981231),
            reverses INTEGER CHECK (reverses >= 1 AND reverses < sequence),
            benefit_year INTEGER NOT NULL CHECK (benefit_year BETWEEN 1900 AND 9998),
            visit_type INTEGER NOT NULL CHECK (visit_type >= 0),
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 6),
            charge_generation INTEGER CHECK (charge_generation >= 0),
            person_id TEXT NOT NULL CHECK (length(person_id) BETWEEN 1 AND 30),
            origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 30),
            request_id TEXT NOT NULL CHECK (length(request_id) BETWEEN 1 AND 64),
            previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            event BLOB NOT NULL,
            answer BLOB NOT NULL,
            account_after BLOB NOT NULL,
            CHECK (total = pooled + serious_illness + assistance_basic + assistance_tilt + assistance_outpatient + assistance_other + person_pays),
            CHECK ((kind = 4) = (reverses IS NOT NULL)),
            CHECK ((charge_key IS NULL) = (charge_generation IS NULL)),
            CHECK ((sequence = 1) = (previous_hash = zeroblob(32)))
        ) STRICT;
        CREATE UNIQUE INDEX entry_person ON entry (person_id, sequence);
        CREATE UNIQUE INDEX entry_request ON entry (request_key);
        CREATE UNIQUE INDEX entry_charge ON entry (charge_key, charge_generation) WHERE charge_key IS NOT NULL;
        CREATE UNIQUE INDEX entry_reverses ON entry (person_id, reverses) WHERE reverses IS NOT NULL;
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed'); END;
        CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'ledger entries are never removed'); END;
        CREATE TABLE pack (
            pack_key INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            name TEXT NOT NULL,
            archive BLOB NOT NULL
        ) STRICT;
        """;

    // A seventh kind: the entry that closes a correction. SQLite cannot change a constraint, so the rows move to a table with the new one;
    // positions, hashes and all else stay.
    private const string Version2 = """
        ALTER TABLE entry RENAME TO entry_1;
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            recorded_at INTEGER NOT NULL,
            pack_key INTEGER NOT NULL,
            total INTEGER NOT NULL,
            pooled INTEGER NOT NULL CHECK (pooled >= 0),
            serious_illness INTEGER NOT NULL CHECK (serious_illness >= 0),
            assistance_basic INTEGER NOT NULL CHECK (assistance_basic >= 0),
            assistance_tilt INTEGER NOT NULL CHECK (assistance_tilt >= 0),
            assistance_outpatient INTEGER NOT NULL CHECK (assistance_outpatient >= 0),
            assistance_other INTEGER NOT NULL CHECK (assistance_other >= 0),
            person_pays INTEGER NOT NULL CHECK (person_pays >= 0),
            request_key BLOB NOT NULL CHECK (length(request_key) = 16),
            charge_key BLOB CHECK (length(charge_key) = 16),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            region INTEGER NOT NULL CHECK (region >= 0),
            effective_date INTEGER NOT NULL CHECK (effective_date BETWEEN 19000101 AND 99981231),
            reverses INTEGER CHECK (reverses >= 1 AND reverses < sequence),
            benefit_year INTEGER NOT NULL CHECK (benefit_year BETWEEN 1900 AND 9998),
            visit_type INTEGER NOT NULL CHECK (visit_type >= 0),
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 7),
            charge_generation INTEGER CHECK (charge_generation >= 0),
            person_id TEXT NOT NULL CHECK (length(person_id) BETWEEN 1 AND 30),
            origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 30),
            request_id TEXT NOT NULL CHECK (length(request_id) BETWEEN 1 AND 64),
            previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            event BLOB NOT NULL,
            answer BLOB NOT NULL,
            account_after BLOB NOT NULL,
            CHECK (total = pooled + serious_illness + assistance_basic + assistance_tilt + assistance_outpatient + assistance_other + person_pays),
            CHECK ((kind = 4) = (reverses IS NOT NULL)),
            CHECK (kind <> 7 OR (total = 0 AND charge_key IS NULL)),
            CHECK ((charge_key IS NULL) = (charge_generation IS NULL)),
            CHECK ((sequence = 1) = (previous_hash = zeroblob(32)))
        ) STRICT;
        INSERT INTO entry SELECT * FROM entry_1 ORDER BY position;
        DROP TABLE entry_1;
        CREATE UNIQUE INDEX entry_person ON entry (person_id, sequence);
        CREATE UNIQUE INDEX entry_request ON entry (request_key);
        CREATE UNIQUE INDEX entry_charge ON entry (charge_key, charge_generation) WHERE charge_key IS NOT NULL;
        CREATE UNIQUE INDEX entry_reverses ON entry (person_id, reverses) WHERE reverses IS NOT NULL;
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed'); END;
        CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'ledger entries are never removed'); END;
        """;

    // An eighth kind: the void of a request that never arrived. The rows move once more, to the same table with the wider constraint. The
    // one index that is no promise finds the positions of a day; its keys grow with the table, so that it is only ever added to at its end.
    private static readonly string Version3 = Version2
        .Replace("kind BETWEEN 1 AND 7", "kind BETWEEN 1 AND 8", StringComparison.Ordinal)
        .Replace("kind <> 7 OR", "kind NOT IN (7, 8) OR", StringComparison.Ordinal)
        + "\nCREATE INDEX entry_recorded ON entry (recorded_at);";

    // What facilities hand in beside settlements: reports of visits, files (Facilities/).
    private const string Version4 = """
        CREATE TABLE facility_record (
            facility TEXT NOT NULL CHECK (length(facility) BETWEEN 1 AND 30),
            subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 30),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            message_id TEXT NOT NULL CHECK (length(message_id) BETWEEN 1 AND 30),
            body BLOB NOT NULL,
            recorded_at INTEGER NOT NULL,
            PRIMARY KEY (facility, subject, sequence),
            UNIQUE (facility, message_id)
        ) STRICT;
        """;

    /// <summary>What each version added, in order.</summary>
    public static IReadOnlyList<string> Versions { get; } = [Version1, Version2, Version3, Version4];

    public static int Current => Versions.Count;

    /// <summary>Creates or migrates under the write lock, so that two processes starting at once do it once.</summary>
    public static void Apply(SqliteConnection connection, string place, ILogger logger)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        int application = Pragma(connection, "application_id");
        int found = Pragma(connection, "user_version");
        bool empty = Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != ApplicationId)
            throw new LedgerSchemaException($"{place} is a SQLite file, but not a settlement ledger. Name another file in Ledger:Path.");
        if (found > Current)
            throw new LedgerSchemaException(
                $"The ledger at {place} has schema version {found}; this program knows versions up to {Current}. Start the newer program that wrote it.");
        for (int version = found; version < Current; version++) Execute(connection, Versions[version]);
        Execute(connection, string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Current};"));
        transaction.Commit();
        if (found < Current) LedgerLog.Migrated(logger, place, found, Current);
        LedgerLog.Initialised(logger, place, Current);
    }

    /// <summary>Refuses a version that another program has put in place meanwhile.</summary>
    /// <exception cref="LedgerSchemaException">It is not this program's.</exception>
    public static void EnsureCurrent(int found, string place)
    {
        if (found != Current) throw LedgerSchemaException.Changed(place, found, Current);
    }

    private static int Pragma(SqliteConnection connection, string name) => (int)Scalar(connection, $"PRAGMA {name}");

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
