using Npgsql;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Peers.Deciding;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Peers.Sql;

/// <summary>
/// The service most would build: a transaction that locks the person's row, decides, inserts the entry, updates the row and commits. Three
/// round trips: BEGIN goes with the SELECT, INSERT goes with UPDATE.
/// </summary>
internal sealed class RowLockPeer(PeerDatabase database, Decisions decisions) : IPeer
{
    private const string Select = "SELECT sequence, hash, account FROM peer.account WHERE person_id = $1 FOR UPDATE";
    private const string Create = "INSERT INTO peer.account (person_id, sequence, hash, account) VALUES ($1, $2, $3, $4)";
    private const string Update = "UPDATE peer.account SET sequence = $2, hash = $3, account = $4 WHERE person_id = $1";

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellation) => database.CreateAsync("", cancellation);

    /// <inheritdoc/>
    public async Task<Reply<RecordResponse>> Register(RegisterRequest request)
    {
        Decided<RecordResponse> decided = decisions.Register(request);
        if (decided.Entry is null) return decided.Reply;
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await WriteAsync(connection, Create, decided.Entry);
        await transaction.CommitAsync();
        return decided.Reply;
    }

    /// <inheritdoc/>
    public async Task<Reply<SettleAnswer>> Settle(SettleRequest request)
    {
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        PersonHead head = await ReadAsync(connection, request.Person);
        Decided<SettleAnswer> decided = decisions.Settle(request, head);
        if (decided.Entry is null) return decided.Reply;
        await WriteAsync(connection, Update, decided.Entry);
        await transaction.CommitAsync();
        return decided.Reply;
    }

    private static async Task<PersonHead> ReadAsync(NpgsqlConnection connection, string person)
    {
        await using NpgsqlCommand command = new(Select, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        return await row.ReadAsync()
            ? new PersonHead(
                row.GetInt32(0), LedgerHash.FromBytes(row.GetFieldValue<byte[]>(1)), AccountCodec.Decode(row.GetFieldValue<byte[]>(2)))
            : PersonHead.Unknown;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string account, LedgerEntry entry)
    {
        await using NpgsqlBatch batch = new(connection);
        NpgsqlBatchCommand insert = new(EntryStatement.Insert);
        EntryStatement.Add(insert.Parameters, entry);
        NpgsqlBatchCommand move = new(account);
        move.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.PersonId });
        move.Parameters.Add(new NpgsqlParameter<int> { TypedValue = entry.Sequence });
        move.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = entry.Hash.ToArray() });
        move.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = entry.AccountAfter });
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(move);
        await batch.ExecuteNonQueryAsync();
    }
}
