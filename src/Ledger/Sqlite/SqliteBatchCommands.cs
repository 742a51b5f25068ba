using Microsoft.Data.Sqlite;

namespace Settlement.Ledger.Sqlite;

/// <summary>The writing connection with its prepared statements. Used by one thread.</summary>
internal sealed class SqliteBatchCommands : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement version;
    private readonly SqliteStatement beginGroup;
    private readonly SqliteStatement takeGroupBack;
    private readonly SqliteStatement endGroup;
    private readonly SqliteStatement insert;
    private readonly SqliteStatement same;
    private readonly SqliteStatement request;
    private readonly SqliteStatement charge;
    private readonly SqliteStatement reversal;

    public SqliteBatchCommands(SqliteConnection connection)
    {
        this.connection = connection;
        begin = new(connection, "BEGIN IMMEDIATE");
        commit = new(connection, "COMMIT");
        version = new(connection, "PRAGMA user_version");
        beginGroup = new(connection, "SAVEPOINT entry_group");
        takeGroupBack = new(connection, "ROLLBACK TO entry_group");
        endGroup = new(connection, "RELEASE entry_group");
        // Positions are the rowid's: SQLite gives them. Every other column of the list is a parameter, in the list's order.
        insert = new(
            connection, $"INSERT INTO entry ({EntryColumns.Content}) VALUES ({string.Join(", ", EntryColumns.Content.Split(", ").Select(static _ => "?"))})");
        same = new(connection, "SELECT hash FROM entry WHERE person_id = ? AND sequence = ?");
        request = new(connection, "SELECT 1 FROM entry WHERE request_key = ?");
        charge = new(connection, "SELECT 1 FROM entry WHERE charge_key = ? AND charge_generation = ?");
        reversal = new(connection, "SELECT 1 FROM entry WHERE person_id = ? AND reverses = ?");
    }

    /// <summary>What lanes remember of where their entries were written.</summary>
    public object Session { get; } = new();

    public void Begin() => begin.Execute();

    public void Commit() => commit.Execute();

    /// <summary>The version of the schema; in a transaction, that which holds until its end.</summary>
    public int SchemaVersion() => version.ReadNumber();

    /// <summary>From here on what is inserted can be taken back without the rest of the transaction.</summary>
    public void BeginGroup() => beginGroup.Execute();

    /// <summary>Takes back what was inserted since <see cref="BeginGroup"/>.</summary>
    public void TakeGroupBack() => takeGroupBack.Execute();

    public void EndGroup() => endGroup.Execute();

    /// <summary>The hash that the ledger holds under a person and sequence, or null.</summary>
    public LedgerHash? FindHash(string personId, int sequence)
    {
        same.Bind(1, personId);
        same.Bind(2, sequence);
        return same.ReadHash();
    }

    public bool HasRequest(LedgerEntry entry)
    {
        request.Bind(1, entry.RequestKey);
        return request.ExistsRow();
    }

    public bool HasCharge(LedgerEntry entry)
    {
        if (entry.ChargeKey is not { } key) return false;
        charge.Bind(1, key);
        charge.Bind(2, entry.ChargeGeneration);
        return charge.ExistsRow();
    }

    public bool HasReversal(LedgerEntry entry)
    {
        if (entry.Reverses is not { } sequence) return false;
        reversal.Bind(1, entry.PersonId);
        reversal.Bind(2, sequence);
        return reversal.ExistsRow();
    }

    /// <summary>Inserts the entry.</summary>
    public void Insert(LedgerEntry entry)
    {
        insert.Bind(EntryColumns.RecordedAt, SqliteRow.MicrosecondsOf(entry.RecordedAt));
        insert.Bind(EntryColumns.PackKey, entry.PackKey);
        insert.Bind(EntryColumns.Total, entry.Total);
        insert.Bind(EntryColumns.Pooled, entry.Pooled);
        insert.Bind(EntryColumns.SeriousIllness, entry.SeriousIllness);
        insert.Bind(EntryColumns.AssistanceBasic, entry.AssistanceBasic);
        insert.Bind(EntryColumns.AssistanceTilt, entry.AssistanceTilt);
        insert.Bind(EntryColumns.AssistanceOutpatient, entry.AssistanceOutpatient);
        insert.Bind(EntryColumns.AssistanceOther, entry.AssistanceOther);
        insert.Bind(EntryColumns.PersonPays, entry.PersonPays);
        insert.Bind(EntryColumns.RequestKey, entry.RequestKey);
        if (entry.ChargeKey is { } key)
        {
            insert.Bind(EntryColumns.ChargeKey, key);
            insert.Bind(EntryColumns.ChargeGeneration, entry.ChargeGeneration);
        }
        else
        {
            insert.BindNull(EntryColumns.ChargeKey);
            insert.BindNull(EntryColumns.ChargeGeneration);
        }
        insert.Bind(EntryColumns.Sequence, entry.Sequence);
        insert.Bind(EntryColumns.Region, entry.Region);
        insert.Bind(EntryColumns.EffectiveDate, SqliteRow.NumberOf(entry.EffectiveDate));
        if (entry.Reverses is { } reversed) insert.Bind(EntryColumns.Reverses, reversed);
        else insert.BindNull(EntryColumns.Reverses);
        insert.Bind(EntryColumns.BenefitYear, entry.BenefitYear);
        insert.Bind(EntryColumns.VisitType, entry.VisitType);
        insert.Bind(EntryColumns.Kind, (int)entry.Kind);
        insert.Bind(EntryColumns.PersonId, entry.PersonId);
        insert.Bind(EntryColumns.Origin, entry.Origin);
        insert.Bind(EntryColumns.RequestId, entry.RequestId);
        insert.Bind(EntryColumns.PreviousHash, entry.PreviousHash);
        insert.Bind(EntryColumns.Hash, entry.Hash);
        insert.Bind(EntryColumns.Event, entry.Event.Span);
        insert.Bind(EntryColumns.Answer, entry.Answer.Span);
        insert.Bind(EntryColumns.AccountAfter, entry.AccountAfter.Span);
        insert.Execute();
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in new[] { begin, commit, version, beginGroup, takeGroupBack, endGroup, insert, same, request,
            charge, reversal })
            statement.Dispose();
        // Closing rolls an open transaction back.
        connection.Dispose();
    }
}
