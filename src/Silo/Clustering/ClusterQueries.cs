namespace Settlement.Silo.Clustering;

/// <summary>
/// The statements which Orleans' ADO.NET providers look up by key in the table OrleansQuery. Keys, parameters and the names of the
/// result columns are the providers'; tables and statements are this product's.
/// </summary>
internal static class ClusterQueries
{
    private const string OneSilo = "cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";

    private const string OneState = "service = @ServiceId AND name = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 "
        + "AND key = coalesce(@GrainIdExtensionString, '')";

    // Every change of the membership is one step of the cluster's version: whoever rests on an older one changes nothing and is told so.
    // The row lock on the version puts concurrent changes one after the other, and each then compares against what the one before left.
    private const string NextVersion =
        "UPDATE orleans_cluster SET version = version + 1, changed_at = now() WHERE cluster = @DeploymentId AND version = @Version";

    private const string SiloColumns = """
        s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.name AS "SiloName", s.host AS "HostName",
        s.status AS "Status", s.proxy_port AS "ProxyPort", s.suspected AS "SuspectTimes", s.started_at AS "StartTime",
        s.alive_at AS "IAmAliveTime", c.version AS "Version"
        """;

    /// <summary>
    /// Of states, in words both databases know. A state is written only on top of the version it rests on; nothing comes back when it is
    /// not.
    /// </summary>
    public static IReadOnlyDictionary<string, string> States { get; } = new Dictionary<string, string>
    {
        ["ReadFromStorageKey"] = $"""SELECT payload AS "PayloadBinary", version AS "Version" FROM orleans_state WHERE {OneState}""",

        ["WriteToStorageKey"] = $"""
            INSERT INTO orleans_state (service, name, n0, n1, key, payload, version)
            SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, 1
            WHERE @GrainStateVersion IS NULL OR EXISTS (SELECT 1 FROM orleans_state WHERE {OneState} AND version = @GrainStateVersion)
            ON CONFLICT (service, name, n0, n1, key) DO UPDATE
                SET payload = excluded.payload, version = orleans_state.version + 1, changed_at = CURRENT_TIMESTAMP
                WHERE orleans_state.version = @GrainStateVersion
            RETURNING version AS "NewGrainStateVersion"
            """,

        // A cleared state keeps its row and its version, so that whoever still rests on the old one is refused.
        ["ClearStorageKey"] = $"""
            UPDATE orleans_state SET payload = NULL, version = version + 1, changed_at = CURRENT_TIMESTAMP
            WHERE {OneState} AND version = @GrainStateVersion
            RETURNING version AS "NewGrainStateVersion"
            """,

        ["DeleteStorageKey"] = $"""
            DELETE FROM orleans_state WHERE {OneState} AND version = @GrainStateVersion
            RETURNING version + 1 AS "NewGrainStateVersion"
            """,
    };

    /// <summary>Of the membership; PostgreSQL alone.</summary>
    public static IReadOnlyDictionary<string, string> Membership { get; } = new Dictionary<string, string>
    {
        ["InsertMembershipVersionKey"] = """
            WITH added AS (INSERT INTO orleans_cluster (cluster, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT EXISTS (SELECT 1 FROM added)
            """,

        // One row at least: the version, with or without silos.
        ["MembershipReadAllKey"] = $"""
            SELECT {SiloColumns} FROM orleans_cluster c LEFT JOIN orleans_silo s ON s.cluster = c.cluster WHERE c.cluster = @DeploymentId
            """,

        ["MembershipReadRowKey"] = $"""
            SELECT {SiloColumns} FROM orleans_cluster c
            LEFT JOIN orleans_silo s ON s.cluster = c.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
            WHERE c.cluster = @DeploymentId
            """,

        ["InsertMembershipKey"] = $"""
            WITH step AS ({NextVersion} AND NOT EXISTS (SELECT 1 FROM orleans_silo WHERE {OneSilo}) RETURNING cluster),
            added AS (
                INSERT INTO orleans_silo (cluster, address, port, generation, name, host, status, proxy_port, started_at, alive_at)
                SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM step
                RETURNING 1)
            SELECT EXISTS (SELECT 1 FROM added)
            """,

        ["UpdateMembershipKey"] = $"""
            WITH step AS ({NextVersion} AND EXISTS (SELECT 1 FROM orleans_silo WHERE {OneSilo}) RETURNING cluster),
            changed AS (
                UPDATE orleans_silo SET status = @Status, suspected = @SuspectTimes, alive_at = @IAmAliveTime
                FROM step WHERE orleans_silo.cluster = step.cluster AND address = @Address AND port = @Port AND generation = @Generation
                RETURNING 1)
            SELECT EXISTS (SELECT 1 FROM changed)
            """,

        // Outside the version: a sign of life decides nothing.
        ["UpdateIAmAlivetimeKey"] = $"UPDATE orleans_silo SET alive_at = @IAmAliveTime WHERE {OneSilo}",

        ["GatewaysQueryKey"] = """
            SELECT address AS "Address", proxy_port AS "ProxyPort", generation AS "Generation" FROM orleans_silo
            WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0
            """,

        ["DeleteMembershipTableEntriesKey"] = "DELETE FROM orleans_cluster WHERE cluster = @DeploymentId",

        // 3 is Active. Whatever else has not been heard of for so long is gone.
        ["CleanupDefunctSiloEntriesKey"] =
            "DELETE FROM orleans_silo WHERE cluster = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3",
    };
}
