using System.Collections.Concurrent;
using Npgsql;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Peers.Deciding;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Peers.Sql;

/// <summary>
/// The strongest plain SQL: one statement in autocommit moves the account, which locks the person's row, and inserts the entry under the
/// sequence it got. A decision would have to read the account first; this peer saves itself that and decides on the account as registered,
/// which it keeps in memory. So it does less than a settlement needs, and hash and blobs are those of the person's first settlement.
/// </summary>
internal sealed class OneStatementPeer(PeerDatabase database, Decisions decisions) : IPeer
{
    private static readonly string Statement = $"""
        WITH moved AS (
            INSERT INTO peer.account AS a (person_id, sequence, hash, account)
            VALUES (${EntryStatement.Person}, ${EntryStatement.Sequence}, ${EntryStatement.Hash}, ${EntryStatement.Account})
            ON CONFLICT (person_id) DO UPDATE SET sequence = a.sequence + 1, hash = excluded.hash, account = excluded.account
            RETURNING sequence
        )
        INSERT INTO peer.entry ({EntryStatement.Columns})
        SELECT {EntryStatement.Numbers(1, EntryStatement.Sequence - 1)}, sequence FROM moved
        RETURNING sequence
        """;

    private readonly ConcurrentDictionary<string, PersonHead> registered = new();

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellation) => database.CreateAsync("", cancellation);

    /// <inheritdoc/>
    public async Task<Reply<RecordResponse>> Register(RegisterRequest request)
    {
        Decided<RecordResponse> decided = decisions.Register(request);
        if (decided.Entry is null) return decided.Reply;
        await WriteAsync(decided.Entry);
        registered[request.Person] = decided.After;
        return decided.Reply;
    }

    /// <inheritdoc/>
    public async Task<Reply<SettleAnswer>> Settle(SettleRequest request)
    {
        Decided<SettleAnswer> decided = decisions.Settle(request, registered.GetValueOrDefault(request.Person, PersonHead.Unknown));
        if (decided.Entry is null) return decided.Reply;
        int sequence = await WriteAsync(decided.Entry);
        // The answer was encoded with the sequence that the decision took.
        SettleResponse answer = decided.Reply.Value!.Message;
        answer.Result.Sequence = sequence;
        return SettleAnswer.Of(answer);
    }

    private async Task<int> WriteAsync(LedgerEntry entry)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(Statement);
        EntryStatement.Add(command.Parameters, entry);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
