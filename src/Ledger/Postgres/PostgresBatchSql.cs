using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// The statements of a writer, for the periods as it knows them. What stands against an entry in the open period its table's own keys say.
/// Closed periods never change: that they hold nothing against an entry is asked in the same statement, or behind it in the transaction.
/// </summary>
internal sealed class PostgresBatchSql
{
    private const string RequestOf = "e.request_key = u.request_key";
    private const string ChargeOf = "e.charge_key = u.charge_key AND e.charge_generation = u.charge_generation";
    private const string ReversalOf = "e.person_id = u.person_id AND e.reverses = u.reverses";
    private const string ArchivedTarget =
        "SELECT true FROM ledger.carried c JOIN ledger.period p ON p.number = c.period "
        + "WHERE p.detached AND c.person_id = u.person_id AND c.sequence >= u.reverses LIMIT 1";

    private readonly PeriodLayout layout;

    public PostgresBatchSql(PeriodLayout layout)
    {
        this.layout = layout;
        Insert = $"""
            INSERT INTO {Open} ({PostgresEntryRows.Columns})
            SELECT u.place, u.recorded_at, u.pack_key, u.total, u.pooled, u.serious_illness, u.assistance_basic, u.assistance_tilt,
                u.assistance_outpatient, u.assistance_other, u.person_pays, u.request_key, u.charge_key,
                CASE WHEN (u.known OR {Follows}){string.Concat(KeysAreFree.Select(static free => " AND " + free))} THEN u.sequence END,
                u.region, u.effective_date, u.reverses, u.benefit_year, u.visit_type, u.kind, u.charge_generation, u.person_id, u.origin,
                u.request_id, u.previous_hash, u.hash, u.event, u.answer, u.account_after
            FROM (SELECT {string.Join(", ", PostgresEntryRows.Types.Append("boolean").Select(static (type, i) => $"${i + 1}::{type}"))})
                AS u({PostgresEntryRows.Columns}, known)
            """;
        AllFollow = Must(
            $"""
            SELECT NOT EXISTS (SELECT FROM unnest($1::text[], $2::integer[], $3::bytea[]) AS u(person_id, sequence, previous_hash)
                WHERE ({Follows}) IS NOT TRUE)
            """,
            "an entry does not follow what the ledger holds");
        AllKeysAreFree = Must(
            $"""
            SELECT NOT EXISTS (SELECT FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::integer[])
                AS u(request_key, charge_key, charge_generation, person_id, reverses)
                WHERE NOT ({string.Join(" AND ", KeysAreFree.DefaultIfEmpty("true"))}))
            """,
            "an older period holds a key");
    }

    /// <summary>SQLSTATE with which a question of a batch ends its transaction when it is answered with no.</summary>
    public const string AnsweredWithNo = PostgresErrorCodes.InvalidTextRepresentation;

    /// <summary>Asks whether the schema is this program's. A no ends the transaction.</summary>
    public static string IsCurrent { get; } =
        Must($"SELECT version = {PostgresSchema.Current} FROM ledger.meta", "the schema is of another version");

    /// <summary>
    /// Inserts one entry, given by the values of its row and whether it is known to follow: a taken key raises unique_violation, and an
    /// entry which does not follow what the ledger holds, or whose key an older period holds, gets a null sequence, which raises
    /// not_null_violation.
    /// </summary>
    public string Insert { get; }

    /// <summary>Copies rows into the open period, straight into its table.</summary>
    public string Copy => $"COPY {Open} ({PostgresEntryRows.Columns}) FROM STDIN (FORMAT binary)";

    /// <summary>
    /// Asks whether entries follow what the ledger holds, behind their rows in the same transaction. A no ends it.
    /// </summary>
    public string AllFollow { get; }

    /// <summary>Asks whether no older period holds any of the keys. A no ends the transaction.</summary>
    public string AllKeysAreFree { get; }

    /// <summary>
    /// Asks what the keys of entries meet, wherever it is. Goes by the parent, so it is never out of date.
    /// </summary>
    public const string Find = $"""
        SELECT
            coalesce((SELECT e.hash FROM ledger.entry e WHERE e.person_id = u.person_id AND e.sequence = u.sequence),
                (SELECT e.hash FROM ledger.carried e WHERE e.person_id = u.person_id AND e.sequence = u.sequence)),
            coalesce((SELECT e.hash FROM ledger.entry e WHERE e.person_id = u.person_id AND e.sequence = u.sequence - 1),
                (SELECT e.hash FROM ledger.carried e WHERE e.person_id = u.person_id AND e.sequence = u.sequence - 1)),
            coalesce((SELECT n.sequence >= u.sequence FROM ledger.newest(u.person_id) n), false),
            (SELECT true FROM ledger.entry e WHERE {RequestOf} LIMIT 1) IS NOT NULL,
            (SELECT true FROM ledger.entry e WHERE {ChargeOf} LIMIT 1) IS NOT NULL,
            (SELECT true FROM ledger.entry e WHERE {ReversalOf} LIMIT 1) IS NOT NULL,
            (SELECT true FROM ledger.archived_key e WHERE {RequestOf} LIMIT 1) IS NOT NULL
                OR (SELECT true FROM ledger.archived_key e WHERE {ChargeOf} LIMIT 1) IS NOT NULL
                OR ({ArchivedTarget}) IS NOT NULL
        FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::uuid[], $5::smallint[], $6::integer[])
            WITH ORDINALITY AS u(person_id, sequence, request_key, charge_key, charge_generation, reverses, ordinal)
        ORDER BY u.ordinal
        """;

    // A text that is no truth value is the one failure that a plain statement can make of a condition.
    private static string Must(string question, string otherwise) =>
        $"SELECT (CASE WHEN ({question}) THEN 'true' ELSE '{otherwise}' END)::boolean";

    private string Open => PeriodLayout.TableOf(layout.Open);

    private IEnumerable<string> ClosedTables => layout.Closed.Select(PeriodLayout.TableOf);

    /// <summary>
    /// Whether u follows the person's newest entry. While there is one period its key refuses a sequence that is taken, and a look at the
    /// entry before is enough. With older ones it must be the newest entry of all: an older period may hold u's own sequence. In the open
    /// period what comes behind is left to the key.
    /// </summary>
    private string Follows => layout.IsOnlyOne
        ? $"u.sequence = 1 OR (SELECT p.hash FROM {Open} p WHERE p.person_id = u.person_id AND p.sequence = u.sequence - 1) = u.previous_hash"
        : $"coalesce({string.Join(", ", NewestFirst.Select(FollowsNewestOf))}, u.sequence = 1)";

    private IEnumerable<string> NewestFirst => layout.HasDetached ? [Open, .. ClosedTables, "ledger.carried"] : [Open, .. ClosedTables];

    private string FollowsNewestOf(string table)
    {
        string before = table == Open ? " AND p.sequence < u.sequence" : "";
        return $"""
            (SELECT p.sequence = u.sequence - 1 AND p.hash = u.previous_hash
                FROM {table} p WHERE p.person_id = u.person_id{before} ORDER BY p.sequence DESC LIMIT 1)
            """;
    }

    // Scalar subqueries, not EXISTS: those the planner may answer by hashing the whole table.
    private IEnumerable<string> KeysAreFree
    {
        get
        {
            foreach (string table in ClosedTables)
            {
                yield return $"(SELECT true FROM {table} e WHERE {RequestOf} LIMIT 1) IS NULL";
                yield return $"(u.charge_key IS NULL OR (SELECT true FROM {table} e WHERE {ChargeOf} LIMIT 1) IS NULL)";
                yield return $"(u.reverses IS NULL OR (SELECT true FROM {table} e WHERE {ReversalOf} LIMIT 1) IS NULL)";
            }
            if (!layout.HasDetached) yield break;
            yield return $"(SELECT true FROM ledger.archived_key e WHERE {RequestOf} LIMIT 1) IS NULL";
            yield return $"(u.charge_key IS NULL OR (SELECT true FROM ledger.archived_key e WHERE {ChargeOf} LIMIT 1) IS NULL)";
            yield return $"(u.reverses IS NULL OR ({ArchivedTarget}) IS NULL)";
        }
    }
}
