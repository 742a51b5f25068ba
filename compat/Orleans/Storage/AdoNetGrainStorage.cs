using System.Data;
using System.Data.Common;
using System.Globalization;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// States in a database. As in Orleans the statements stand in the database itself, in the table OrleansQuery; only their keys, their
/// parameters and the names of their columns are known here.
/// </summary>
internal sealed class AdoNetGrainStorage(string name, string serviceId, AdoNetGrainStorageOptions options) : IGrainStorage
{
    private static readonly string[] Needed = ["ReadFromStorageKey", "WriteToStorageKey", "ClearStorageKey"];
    private readonly Dictionary<string, string> _statements = [];
    private DbProviderFactory? _factory;

    /// <summary>Reads the statements. A database without them fails the start of the silo.</summary>
    public async Task InitAsync(CancellationToken cancellationToken)
    {
        if (options.Invariant != "Npgsql")
            throw new NotSupportedException(
                $"The stand-in for Orleans stores states by Npgsql only, not by '{options.Invariant}'. Build with Stack=packages.");
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            throw new OrleansConfigurationException($"Storage \"{name}\" has no connection string.");
        if (options.GrainStorageSerializer is null)
            throw new OrleansConfigurationException($"Storage \"{name}\" has no GrainStorageSerializer.");
        _factory = (DbProviderFactory)Type.GetType("Npgsql.NpgsqlFactory, Npgsql", throwOnError: true)!.GetField("Instance")!.GetValue(
            null)!;
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT QueryKey, QueryText FROM OrleansQuery";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) _statements[reader.GetString(0)] = reader.GetString(1);
        string[] missing = [.. Needed.Where(key => !_statements.ContainsKey(key))];
        if (missing.Length > 0)
            throw new OrleansConfigurationException($"Storage \"{name}\": OrleansQuery lacks {string.Join(", ", missing)}.");
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var connection = await OpenAsync(CancellationToken.None);
        await using var command = Command(connection, "ReadFromStorageKey", stateName, grainId);
        await using var reader = await command.ExecuteReaderAsync();
        var found = await reader.ReadAsync();
        var payload = found && !await reader.IsDBNullAsync("PayloadBinary") ? (byte[])reader["PayloadBinary"] : null;
        grainState.ETag = found ? Text(reader["Version"]) : null;
        grainState.State = payload is null
            ? Activator.CreateInstance<T>()
            : options.GrainStorageSerializer.Deserialize<T>(new BinaryData(payload));
        grainState.RecordExists = payload is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var connection = await OpenAsync(CancellationToken.None);
        await using var command = Command(connection, "WriteToStorageKey", stateName, grainId);
        Add(command, "GrainStateVersion", DbType.Int32, Number(grainState.ETag));
        Add(command, "PayloadBinary", DbType.Binary, options.GrainStorageSerializer.Serialize(grainState.State).ToArray());
        grainState.ETag = await NextVersionAsync(command, stateName, grainId, grainState.ETag);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is null)
        {
            await ReadStateAsync(stateName, grainId, grainState);
            if (!grainState.RecordExists) return;
        }

        await using var connection = await OpenAsync(CancellationToken.None);
        await using var command = Command(connection, "ClearStorageKey", stateName, grainId);
        Add(command, "GrainStateVersion", DbType.Int32, Number(grainState.ETag));
        grainState.ETag = await NextVersionAsync(command, stateName, grainId, grainState.ETag);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static async Task<string> NextVersionAsync(DbCommand command, string stateName, GrainId grainId, string? expected) =>
        Text(await command.ExecuteScalarAsync())
        ?? throw new InconsistentStateException(
            $"Version conflict: state '{stateName}' of {grainId} is no longer at version '{expected}'.");

    private static string? Text(object? version) =>
        version is null or DBNull ? null : Convert.ToString(version, CultureInfo.InvariantCulture);

    private static object Number(string? version) => version is null ? DBNull.Value : int.Parse(version, CultureInfo.InvariantCulture);

    private static void Add(DbCommand command, string name, DbType type, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    /// <summary>Orleans reads some texts as numbers or GUIDs and stores those elsewhere: refused, so that both find the same row.</summary>
    private static string PlainText(GrainId grainId)
    {
        var key = grainId.Key.ToString();
        var first = key.Split('+')[0];
        var reads = long.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            || Guid.TryParseExact(first, "N", out _);
        return reads
            ? throw new NotSupportedException($"The key of {grainId} looks like a number or GUID: the stand-in does not store its states.")
            : key;
    }

    private DbCommand Command(DbConnection connection, string statement, string stateName, GrainId grainId)
    {
        var command = connection.CreateCommand();
        command.CommandText = _statements[statement];
        Add(command, "GrainIdN0", DbType.Int64, 0L);
        Add(command, "GrainIdN1", DbType.Int64, 0L);
        Add(command, "GrainTypeString", DbType.String, stateName);
        Add(command, "GrainIdExtensionString", DbType.String, PlainText(grainId));
        Add(command, "ServiceId", DbType.String, serviceId);
        return command;
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = _factory!.CreateConnection()!;
        connection.ConnectionString = options.ConnectionString;
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
