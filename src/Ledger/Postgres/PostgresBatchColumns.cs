using Npgsql;
using NpgsqlTypes;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// The entries of one statement as one array a column, in the order of <see cref="EntryColumns.List"/> without the position. The lists
/// are kept between batches: a batch allocates next to nothing.
/// </summary>
internal sealed class PostgresBatchColumns
{
    private readonly List<bool> chained = [];
    private readonly List<DateTime> recordedAt = [];
    private readonly List<long> packKey = [];
    private readonly List<long> total = [];
    private readonly List<long> pooled = [];
    private readonly List<long> seriousIllness = [];
    private readonly List<long> assistanceBasic = [];
    private readonly List<long> assistanceTilt = [];
    private readonly List<long> assistanceOutpatient = [];
    private readonly List<long> assistanceOther = [];
    private readonly List<long> personPays = [];
    private readonly List<Guid> requestKey = [];
    private readonly List<Guid?> chargeKey = [];
    private readonly List<int> sequence = [];
    private readonly List<int> region = [];
    private readonly List<DateOnly> effectiveDate = [];
    private readonly List<int?> reverses = [];
    private readonly List<short> benefitYear = [];
    private readonly List<short> visitType = [];
    private readonly List<short> kind = [];
    private readonly List<short?> chargeGeneration = [];
    private readonly List<string> personId = [];
    private readonly List<string> origin = [];
    private readonly List<string> requestId = [];
    private readonly List<ReadOnlyMemory<byte>> previousHash = [];
    private readonly List<ReadOnlyMemory<byte>> hash = [];
    private readonly List<ReadOnlyMemory<byte>> @event = [];
    private readonly List<ReadOnlyMemory<byte>> answer = [];
    private readonly List<ReadOnlyMemory<byte>> accountAfter = [];
    private byte[] hashes = [];
    private int hashesUsed;

    /// <summary>SQL types of the arrays, in parameter order.</summary>
    public static readonly string[] Types =
    [
        "boolean", "timestamptz", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "uuid", "uuid",
        "integer", "integer", "date", "integer", "smallint", "smallint", "smallint", "smallint", "text", "text", "text", "bytea", "bytea",
        "bytea", "bytea", "bytea",
    ];

    /// <summary>Adds the parameters, bound to the lists.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        Add(parameters, chained);
        // Of a list the driver looks at the type, not at the kind of each time in it.
        parameters.Add(new NpgsqlParameter<List<DateTime>> { TypedValue = recordedAt, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        Add(parameters, packKey);
        Add(parameters, total);
        Add(parameters, pooled);
        Add(parameters, seriousIllness);
        Add(parameters, assistanceBasic);
        Add(parameters, assistanceTilt);
        Add(parameters, assistanceOutpatient);
        Add(parameters, assistanceOther);
        Add(parameters, personPays);
        Add(parameters, requestKey);
        Add(parameters, chargeKey);
        Add(parameters, sequence);
        Add(parameters, region);
        Add(parameters, effectiveDate);
        Add(parameters, reverses);
        Add(parameters, benefitYear);
        Add(parameters, visitType);
        Add(parameters, kind);
        Add(parameters, chargeGeneration);
        Add(parameters, personId);
        Add(parameters, origin);
        Add(parameters, requestId);
        Add(parameters, previousHash);
        Add(parameters, hash);
        Add(parameters, @event);
        Add(parameters, answer);
        Add(parameters, accountAfter);
    }

    /// <summary>Empties the columns and makes room.</summary>
    public void Clear(int entries)
    {
        chained.Clear();
        recordedAt.Clear();
        packKey.Clear();
        total.Clear();
        pooled.Clear();
        seriousIllness.Clear();
        assistanceBasic.Clear();
        assistanceTilt.Clear();
        assistanceOutpatient.Clear();
        assistanceOther.Clear();
        personPays.Clear();
        requestKey.Clear();
        chargeKey.Clear();
        sequence.Clear();
        region.Clear();
        effectiveDate.Clear();
        reverses.Clear();
        benefitYear.Clear();
        visitType.Clear();
        kind.Clear();
        chargeGeneration.Clear();
        personId.Clear();
        origin.Clear();
        requestId.Clear();
        previousHash.Clear();
        hash.Clear();
        @event.Clear();
        answer.Clear();
        accountAfter.Clear();
        int needed = 2 * entries * LedgerHash.ByteLength;
        if (hashes.Length < needed) hashes = new byte[needed];
        hashesUsed = 0;
    }

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="followsInBatch">True when the entry it follows stands in the same statement.</param>
    public void Add(LedgerEntry entry, bool followsInBatch)
    {
        chained.Add(followsInBatch);
        recordedAt.Add(entry.RecordedAt.UtcDateTime);
        packKey.Add(entry.PackKey);
        total.Add(entry.Total);
        pooled.Add(entry.Pooled);
        seriousIllness.Add(entry.SeriousIllness);
        assistanceBasic.Add(entry.AssistanceBasic);
        assistanceTilt.Add(entry.AssistanceTilt);
        assistanceOutpatient.Add(entry.AssistanceOutpatient);
        assistanceOther.Add(entry.AssistanceOther);
        personPays.Add(entry.PersonPays);
        requestKey.Add(entry.RequestKey.ToGuid());
        chargeKey.Add(entry.ChargeKey?.ToGuid());
        sequence.Add(entry.Sequence);
        region.Add(entry.Region);
        effectiveDate.Add(entry.EffectiveDate);
        reverses.Add(entry.Reverses);
        benefitYear.Add((short)entry.BenefitYear);
        visitType.Add(entry.VisitType);
        kind.Add((short)entry.Kind);
        chargeGeneration.Add(entry.ChargeKey is null ? null : (short)entry.ChargeGeneration);
        personId.Add(entry.PersonId);
        origin.Add(entry.Origin);
        requestId.Add(entry.RequestId);
        previousHash.Add(Keep(entry.PreviousHash));
        hash.Add(Keep(entry.Hash));
        @event.Add(entry.Event);
        answer.Add(entry.Answer);
        accountAfter.Add(entry.AccountAfter);
    }

    private ReadOnlyMemory<byte> Keep(LedgerHash value)
    {
        Memory<byte> place = hashes.AsMemory(hashesUsed, LedgerHash.ByteLength);
        value.CopyTo(place.Span);
        hashesUsed += LedgerHash.ByteLength;
        return place;
    }

    private static void Add<T>(NpgsqlParameterCollection parameters, List<T> column) =>
        parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column });
}
