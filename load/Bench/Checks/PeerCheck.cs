using Settlement.Tests.Support;

namespace Settlement.Bench.Checks;

/// <summary>The same for what the SQL peers stored.</summary>
internal static class PeerCheck
{
    private const string Gaps = """
        SELECT count(*) FROM (SELECT sequence - row_number() OVER (PARTITION BY person_id ORDER BY sequence) AS off FROM peer.entry) AS numbered WHERE off <> 0
        """;

    private const string Accounts = """
        SELECT count(*) FROM peer.account a
        FULL JOIN (SELECT person_id, max(sequence) AS newest FROM peer.entry GROUP BY person_id) AS e USING (person_id)
        WHERE a.sequence IS DISTINCT FROM e.newest
        """;

    private const string Chains = """
        SELECT count(*) FROM (
            SELECT previous_hash, lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (PARTITION BY person_id ORDER BY sequence) AS before FROM peer.entry
        ) AS chained WHERE previous_hash <> before
        """;

    private const string Sums = """
        SELECT count(*) FROM peer.entry
        WHERE total <> pooled + serious_illness + assistance_basic + assistance_tilt + assistance_outpatient + assistance_other + person_pays
        """;

    /// <exception cref="InvalidOperationException">Something is missing, or too much, or does not fit together.</exception>
    public static async Task<string> RunAsync(string kind, string connection, Answered answered)
    {
        long written = answered.Settled + answered.Registered;
        if (kind == Scenarios.GrainState)
        {
            answered.Require("states", answered.Registered, await CountAsync(connection, "SELECT count(*) FROM peer.grain_state"));
            answered.Require(
                "writes of states", written,
                await CountAsync(connection, "SELECT coalesce(sum(version), 0)::bigint FROM peer.grain_state"));
            return $"{written:N0} writes of {answered.Registered:N0} states";
        }

        answered.Require("entries", written, await CountAsync(connection, "SELECT count(*) FROM peer.entry"));
        await NoneAsync(answered, connection, Gaps, "entries do not follow their person's last one");
        await NoneAsync(answered, connection, Accounts, "accounts are not at their newest entry");
        await NoneAsync(answered, connection, Sums, "entries do not add up");
        if (kind == Scenarios.RowLock) await NoneAsync(answered, connection, Chains, "entries break their person's chain");
        return $"{answered.Settled:N0} settlements, every sequence, account and sum{(kind == Scenarios.RowLock ? ", every chain" : "")}";
    }

    private static async Task NoneAsync(Answered answered, string connection, string sql, string what)
    {
        if (await CountAsync(connection, sql) is > 0 and var wrong)
            throw new InvalidOperationException($"{answered.Name}: {wrong:N0} {what}.");
    }

    private static async Task<long> CountAsync(string connection, string sql) => (long)(await PostgresServer.ScalarAsync(connection, sql))!;
}
