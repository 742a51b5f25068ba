using System.Globalization;
using Microsoft.Data.Sqlite;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Settlement.Silo.Clustering;

/// <summary>Grain states in the SQLite file of a single silo, where Orleans' own providers reach only servers.</summary>
internal sealed class SqliteGrainStorage(string connectionString, string serviceId, IGrainStorageSerializer serializer) : IGrainStorage
{
    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using SqliteConnection connection = await SqliteClusterTables.OpenAsync(connectionString);
        await using SqliteCommand command = Command(connection, "ReadFromStorageKey", stateName, grainId);
        await using SqliteDataReader reader = await command.ExecuteReaderAsync();
        bool found = await reader.ReadAsync();
        byte[]? payload = found && !await reader.IsDBNullAsync(0) ? await reader.GetFieldValueAsync<byte[]>(0) : null;
        grainState.ETag = found ? reader.GetInt64(1).ToString(CultureInfo.InvariantCulture) : null;
        grainState.State = payload is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(new BinaryData(payload));
        grainState.RecordExists = payload is not null;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using SqliteConnection connection = await SqliteClusterTables.OpenAsync(connectionString);
        await using SqliteCommand command = Command(connection, "WriteToStorageKey", stateName, grainId);
        command.Parameters.AddWithValue("@PayloadBinary", serializer.Serialize(grainState.State).ToArray());
        grainState.ETag = await NextVersionAsync(command, stateName, grainId, grainState.ETag);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null)
        {
            await using SqliteConnection connection = await SqliteClusterTables.OpenAsync(connectionString);
            await using SqliteCommand command = Command(connection, "ClearStorageKey", stateName, grainId);
            grainState.ETag = await NextVersionAsync(command, stateName, grainId, grainState.ETag);
        }

        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static async Task<string> NextVersionAsync(SqliteCommand command, string stateName, GrainId grainId, string? expected)
    {
        command.Parameters.AddWithValue("@GrainStateVersion", expected is null
            ? DBNull.Value
            : long.Parse(expected, CultureInfo.InvariantCulture));
        return await command.ExecuteScalarAsync() is long version
            ? version.ToString(CultureInfo.InvariantCulture)
            : throw new InconsistentStateException(
                $"Version conflict: state '{stateName}' of {grainId} is no longer at version '{expected}'.");
    }

    private SqliteCommand Command(SqliteConnection connection, string statement, string stateName, GrainId grainId)
    {
        SqliteCommand command = new(ClusterQueries.States[statement], connection);
        command.Parameters.AddWithValue("@ServiceId", serviceId);
        command.Parameters.AddWithValue("@GrainTypeString", stateName);
        command.Parameters.AddWithValue("@GrainIdN0", 0L);
        command.Parameters.AddWithValue("@GrainIdN1", 0L);
        command.Parameters.AddWithValue("@GrainIdExtensionString", grainId.Key.ToString());
        return command;
    }
}
