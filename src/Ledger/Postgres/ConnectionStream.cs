using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

#pragma warning disable NPG9001 // Npgsql may change what this uses; the version is pinned, and a test fails when it does.

namespace Settlement.Ledger.Postgres;

/// <summary>
/// The byte stream under an open connection, encrypted or not, after Npgsql has connected and signed in. Npgsql gives no way to send a
/// statement before the answer to the one before, so the ledger speaks for itself there: docs/decisions/ledger-pipeline.md.
/// </summary>
internal static class ConnectionStream
{
    /// <summary>The stream. Whoever reads or writes on it must do so between Npgsql's own statements and take in every answer.</summary>
    /// <exception cref="MissingMemberException">Npgsql is another version than the one this was made for.</exception>
    public static Stream Of(NpgsqlConnection connection) => StreamOf(ConnectorOf(connection)
        ?? throw new InvalidOperationException("The connection is not open."));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector? ConnectorOf(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stream")]
    private static extern ref Stream StreamOf(NpgsqlConnector connector);
}
