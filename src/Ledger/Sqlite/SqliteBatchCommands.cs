using Microsoft.Data.Sqlite;

namespace Settlement.Ledger.Sqlite;

/// <summary>The writing connection with its prepared statements. Used by one thread.</summary>
internal sealed class SqliteBatchCommands : IDisposable
{
    private static readonly byte[] NoBytes = [];

    private readonly SqliteConnection connection;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand beginGroup;
    private readonly SqliteCommand takeGroupBack;
    private readonly SqliteCommand endGroup;
    private readonly SqliteCommand insert;
    private readonly SqliteCommand same;
    private readonly SqliteCommand request;
    private readonly SqliteCommand charge;
    private readonly SqliteCommand reversal;
    private readonly byte[] previousHash = new byte[LedgerHash.ByteLength];
    private readonly byte[] hash = new byte[LedgerHash.ByteLength];
    private readonly byte[] requestKey = new byte[LedgerKey.ByteLength];
    private readonly byte[] chargeKey = new byte[LedgerKey.ByteLength];

    public SqliteBatchCommands(SqliteConnection connection)
    {
        this.connection = connection;
        begin = Prepare("BEGIN IMMEDIATE", 0);
        commit = Prepare("COMMIT", 0);
        beginGroup = Prepare("SAVEPOINT entry_group", 0);
        takeGroupBack = Prepare("ROLLBACK TO entry_group", 0);
        endGroup = Prepare("RELEASE entry_group", 0);
        // Positions are the rowid's: SQLite gives them. Every other column of the list is a parameter, in the list's order.
        string[] columns = EntryColumns.List.Split(", ")[1..];
        insert = Prepare(
            $"INSERT INTO entry ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) RETURNING position",
            columns.Length);
        same = Prepare("SELECT hash, position FROM entry WHERE person_id = $1 AND sequence = $2", 2);
        request = Prepare("SELECT 1 FROM entry WHERE request_key = $1", 1);
        charge = Prepare("SELECT 1 FROM entry WHERE charge_key = $1 AND charge_generation = $2", 2);
        reversal = Prepare("SELECT 1 FROM entry WHERE person_id = $1 AND reverses = $2", 2);
    }

    public void Begin() => begin.ExecuteNonQuery();

    public void Commit() => commit.ExecuteNonQuery();

    /// <summary>From here on what is inserted can be taken back without the rest of the transaction.</summary>
    public void BeginGroup() => beginGroup.ExecuteNonQuery();

    /// <summary>Takes back what was inserted since <see cref="BeginGroup"/>.</summary>
    public void TakeGroupBack() => takeGroupBack.ExecuteNonQuery();

    public void EndGroup() => endGroup.ExecuteNonQuery();

    /// <summary>True when the ledger holds the entry that this one says it follows, or when it is the first.</summary>
    public bool Follows(LedgerEntry entry)
    {
        if (entry.Sequence == 1) return true;
        return Find(entry.PersonId, entry.Sequence - 1)?.Hash == entry.PreviousHash;
    }

    /// <summary>Hash and position of what the ledger holds under the entry's person and sequence.</summary>
    public (LedgerHash Hash, long Position)? FindSame(LedgerEntry entry) => Find(entry.PersonId, entry.Sequence);

    public bool HasRequest(LedgerEntry entry)
    {
        request.Parameters[0].Value = entry.RequestKey.ToArray();
        return Exists(request);
    }

    public bool HasCharge(LedgerEntry entry)
    {
        if (entry.ChargeKey is not { } key) return false;
        charge.Parameters[0].Value = key.ToArray();
        charge.Parameters[1].Value = entry.ChargeGeneration;
        return Exists(charge);
    }

    public bool HasReversal(LedgerEntry entry)
    {
        if (entry.Reverses is not { } sequence) return false;
        reversal.Parameters[0].Value = entry.PersonId;
        reversal.Parameters[1].Value = sequence;
        return Exists(reversal);
    }

    /// <summary>Inserts the entry and returns its position.</summary>
    public long Insert(LedgerEntry entry)
    {
        Bind(entry);
        return (long)insert.ExecuteScalar()!;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in new[] { begin, commit, beginGroup, takeGroupBack, endGroup, insert, same, request, charge, reversal }) command.Dispose();
        // Closing rolls an open transaction back.
        connection.Dispose();
    }

    private void Bind(LedgerEntry entry)
    {
        entry.PreviousHash.CopyTo(previousHash);
        entry.Hash.CopyTo(hash);
        entry.RequestKey.CopyTo(requestKey);
        entry.ChargeKey.GetValueOrDefault().CopyTo(chargeKey);
        Set(EntryColumns.RecordedAt, SqliteRow.MicrosecondsOf(entry.RecordedAt));
        Set(EntryColumns.PackKey, entry.PackKey);
        Set(EntryColumns.Total, entry.Total);
        Set(EntryColumns.Pooled, entry.Pooled);
        Set(EntryColumns.SeriousIllness, entry.SeriousIllness);
        Set(EntryColumns.AssistanceBasic, entry.AssistanceBasic);
        Set(EntryColumns.AssistanceTilt, entry.AssistanceTilt);
        Set(EntryColumns.AssistanceOutpatient, entry.AssistanceOutpatient);
        Set(EntryColumns.AssistanceOther, entry.AssistanceOther);
        Set(EntryColumns.PersonPays, entry.PersonPays);
        Set(EntryColumns.RequestKey, requestKey);
        Set(EntryColumns.ChargeKey, entry.ChargeKey is null ? DBNull.Value : chargeKey);
        Set(EntryColumns.Sequence, entry.Sequence);
        Set(EntryColumns.Region, entry.Region);
        Set(EntryColumns.EffectiveDate, SqliteRow.NumberOf(entry.EffectiveDate));
        Set(EntryColumns.Reverses, entry.Reverses ?? (object)DBNull.Value);
        Set(EntryColumns.BenefitYear, entry.BenefitYear);
        Set(EntryColumns.VisitType, entry.VisitType);
        Set(EntryColumns.Kind, (short)entry.Kind);
        Set(EntryColumns.ChargeGeneration, entry.ChargeKey is null ? DBNull.Value : entry.ChargeGeneration);
        Set(EntryColumns.PersonId, entry.PersonId);
        Set(EntryColumns.Origin, entry.Origin);
        Set(EntryColumns.RequestId, entry.RequestId);
        Set(EntryColumns.PreviousHash, previousHash);
        Set(EntryColumns.Hash, hash);
        Set(EntryColumns.Event, BytesOf(entry.Event));
        Set(EntryColumns.Answer, BytesOf(entry.Answer));
        Set(EntryColumns.AccountAfter, BytesOf(entry.AccountAfter));
    }

    private void Set(int column, object value) => insert.Parameters[column - 1].Value = value;

    // The driver takes whole arrays only: hand over the entry's own array when it is one, copy otherwise.
    private static byte[] BytesOf(ReadOnlyMemory<byte> blob)
    {
        if (blob.IsEmpty) return NoBytes;
        return System.Runtime.InteropServices.MemoryMarshal.TryGetArray(blob, out ArraySegment<byte> segment)
            && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : blob.ToArray();
    }

    private (LedgerHash Hash, long Position)? Find(string personId, int sequence)
    {
        same.Parameters[0].Value = personId;
        same.Parameters[1].Value = sequence;
        using SqliteDataReader reader = same.ExecuteReader();
        return reader.Read() ? (LedgerHash.FromBytes(reader.GetFieldValue<byte[]>(0)), reader.GetInt64(1)) : null;
    }

    private static bool Exists(SqliteCommand command) => command.ExecuteScalar() is not null;

    private SqliteCommand Prepare(string sql, int parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 1; i <= parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}", Value = DBNull.Value });
        command.Prepare();
        return command;
    }
}
