using System.Buffers.Binary;
using Npgsql;
using Settlement.Ledger;
using Settlement.Peers.Grains;

namespace Settlement.Peers.Sql;

/// <summary>
/// Grain storage in PostgreSQL with the work of Orleans' own: a function takes the state with the version it was read at, updates the one
/// row if that is still its version (or inserts the first), and gives the new version. Written anew from what that storage does, in a table
/// of the same shape: the key is two hashes, found by an index that is not unique, then compared in full.
/// </summary>
/// <remarks>
/// The state is the newest entry, so a row has the bytes of a ledger entry; earlier entries are gone, which is less than we keep.
/// </remarks>
internal sealed class StateTable(PeerDatabase database) : IGrainState
{
    private const string GrainType = "settlement.peers.person";
    private const string Service = "settlement";
    private const string Call = "SELECT peer.write_state($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    private const string Schema = """
        CREATE TABLE peer.grain_state (
            id_hash integer NOT NULL,
            id_low bigint NOT NULL,
            id_high bigint NOT NULL,
            type_hash integer NOT NULL,
            type_name varchar(512) NOT NULL,
            id_text varchar(512),
            service varchar(150) NOT NULL,
            state bytea,
            modified_at timestamp NOT NULL,
            version integer
        );
        CREATE INDEX grain_state_key ON peer.grain_state (id_hash, type_hash);

        CREATE FUNCTION peer.write_state(
            wanted_id_hash integer, wanted_low bigint, wanted_high bigint, wanted_type_hash integer, wanted_type varchar, wanted_text varchar,
            wanted_service varchar, read_version integer, new_state bytea) RETURNS integer LANGUAGE plpgsql AS
        $$
        DECLARE
            result integer := read_version;
        BEGIN
            IF read_version IS NULL THEN
                INSERT INTO peer.grain_state
                SELECT wanted_id_hash, wanted_low, wanted_high, wanted_type_hash, wanted_type, wanted_text, wanted_service, new_state,
                    now() AT TIME ZONE 'utc', 1
                WHERE NOT EXISTS (
                    SELECT 1 FROM peer.grain_state g
                    WHERE g.id_hash = wanted_id_hash AND g.type_hash = wanted_type_hash AND g.id_low = wanted_low AND g.id_high = wanted_high
                        AND g.type_name = wanted_type AND g.id_text IS NOT DISTINCT FROM wanted_text AND g.service = wanted_service);
                IF FOUND THEN result := 1; END IF;
            ELSE
                UPDATE peer.grain_state g SET state = new_state, modified_at = now() AT TIME ZONE 'utc', version = g.version + 1
                WHERE g.id_hash = wanted_id_hash AND g.type_hash = wanted_type_hash AND g.id_low = wanted_low AND g.id_high = wanted_high
                    AND g.type_name = wanted_type AND g.id_text IS NOT DISTINCT FROM wanted_text AND g.service = wanted_service
                    AND g.version = read_version;
                IF FOUND THEN result := read_version + 1; END IF;
            END IF;
            RETURN result;
        END
        $$;
        """;

    private static readonly int TypeHash = HashOf(GrainType);

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellation) => database.CreateAsync(Schema, cancellation);

    /// <inheritdoc/>
    public async ValueTask<int> WriteAsync(string person, int? version, LedgerEntry newest)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(Call);
        Value(command, HashOf(person));
        Value(command, 0L);
        Value(command, 0L);
        Value(command, TypeHash);
        Value(command, GrainType);
        Value(command, person);
        Value(command, Service);
        Value(command, version);
        Value(command, StateOf(newest));
        return await command.ExecuteScalarAsync() is int written && written != version
            ? written
            : throw new InvalidOperationException($"The state of a person is not at version {version} any more: somebody else wrote it.");
    }

    private static void Value<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    /// <summary>Event, answer and account of the entry behind each other, with their lengths and the entry's hash.</summary>
    private static byte[] StateOf(LedgerEntry entry)
    {
        byte[] hash = entry.Hash.ToArray();
        byte[] state = new byte[3 * sizeof(int) + hash.Length + entry.Event.Length + entry.Answer.Length + entry.AccountAfter.Length];
        Span<byte> rest = state;
        hash.CopyTo(rest);
        rest = rest[hash.Length..];
        foreach (ReadOnlyMemory<byte> part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[entry.Event, entry.Answer, entry.AccountAfter])
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, part.Length);
            part.Span.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + part.Length)..];
        }

        return state;
    }

    /// <summary>FNV-1a: the same in every process, as a stored hash must be.</summary>
    private static int HashOf(string text)
    {
        uint hash = 2_166_136_261;
        foreach (char c in text) hash = (hash ^ c) * 16_777_619;
        return (int)hash;
    }
}
