using Npgsql;
using NpgsqlTypes;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// The parameters of the statement that inserts one entry: whether it is known to follow, then <see cref="EntryColumns.Content"/>.
/// </summary>
internal sealed class PostgresEntryParameters
{
    private readonly NpgsqlParameter<bool> follows = new();
    private readonly NpgsqlParameter<DateTime> recordedAt = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
    private readonly NpgsqlParameter<long> packKey = new();
    private readonly NpgsqlParameter<long> total = new();
    private readonly NpgsqlParameter<long> pooled = new();
    private readonly NpgsqlParameter<long> seriousIllness = new();
    private readonly NpgsqlParameter<long> assistanceBasic = new();
    private readonly NpgsqlParameter<long> assistanceTilt = new();
    private readonly NpgsqlParameter<long> assistanceOutpatient = new();
    private readonly NpgsqlParameter<long> assistanceOther = new();
    private readonly NpgsqlParameter<long> personPays = new();
    private readonly NpgsqlParameter<Guid> requestKey = new();
    private readonly NpgsqlParameter<Guid?> chargeKey = new();
    private readonly NpgsqlParameter<int> sequence = new();
    private readonly NpgsqlParameter<int> region = new();
    private readonly NpgsqlParameter<DateOnly> effectiveDate = new();
    private readonly NpgsqlParameter<int?> reverses = new();
    private readonly NpgsqlParameter<short> benefitYear = new();
    private readonly NpgsqlParameter<short> visitType = new();
    private readonly NpgsqlParameter<short> kind = new();
    private readonly NpgsqlParameter<short?> chargeGeneration = new();
    private readonly NpgsqlParameter<string> personId = new();
    private readonly NpgsqlParameter<string> origin = new();
    private readonly NpgsqlParameter<string> requestId = new();
    private readonly NpgsqlParameter<byte[]> previousHash = new() { TypedValue = new byte[LedgerHash.ByteLength] };
    private readonly NpgsqlParameter<byte[]> hash = new() { TypedValue = new byte[LedgerHash.ByteLength] };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> @event = new();
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> answer = new();
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> accountAfter = new();

    /// <summary>SQL types, in parameter order.</summary>
    public static readonly string[] Types =
    [
        "boolean", "timestamptz", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "uuid", "uuid",
        "integer", "integer", "date", "integer", "smallint", "smallint", "smallint", "smallint", "text", "text", "text", "bytea", "bytea",
        "bytea", "bytea", "bytea",
    ];

    /// <summary>Adds the parameters to a command.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        foreach (NpgsqlParameter parameter in (NpgsqlParameter[])
        [
            follows, recordedAt, packKey, total, pooled, seriousIllness, assistanceBasic, assistanceTilt, assistanceOutpatient,
            assistanceOther,
            personPays, requestKey, chargeKey, sequence, region, effectiveDate, reverses, benefitYear, visitType, kind, chargeGeneration,
            personId, origin, requestId, previousHash, hash, @event, answer, accountAfter,
        ]) parameters.Add(parameter);
    }

    /// <summary>Takes the values of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isKnownToFollow">True when the entry before it is known to be in the ledger: then the statement need not look.</param>
    public void Set(LedgerEntry entry, bool isKnownToFollow)
    {
        follows.TypedValue = isKnownToFollow;
        recordedAt.TypedValue = entry.RecordedAt.UtcDateTime;
        packKey.TypedValue = entry.PackKey;
        total.TypedValue = entry.Total;
        pooled.TypedValue = entry.Pooled;
        seriousIllness.TypedValue = entry.SeriousIllness;
        assistanceBasic.TypedValue = entry.AssistanceBasic;
        assistanceTilt.TypedValue = entry.AssistanceTilt;
        assistanceOutpatient.TypedValue = entry.AssistanceOutpatient;
        assistanceOther.TypedValue = entry.AssistanceOther;
        personPays.TypedValue = entry.PersonPays;
        requestKey.TypedValue = entry.RequestKey.ToGuid();
        chargeKey.TypedValue = entry.ChargeKey?.ToGuid();
        sequence.TypedValue = entry.Sequence;
        region.TypedValue = entry.Region;
        effectiveDate.TypedValue = entry.EffectiveDate;
        reverses.TypedValue = entry.Reverses;
        benefitYear.TypedValue = (short)entry.BenefitYear;
        visitType.TypedValue = entry.VisitType;
        kind.TypedValue = (short)entry.Kind;
        chargeGeneration.TypedValue = entry.ChargeKey is null ? null : (short)entry.ChargeGeneration;
        personId.TypedValue = entry.PersonId;
        origin.TypedValue = entry.Origin;
        requestId.TypedValue = entry.RequestId;
        entry.PreviousHash.CopyTo(previousHash.TypedValue!);
        entry.Hash.CopyTo(hash.TypedValue!);
        @event.TypedValue = entry.Event;
        answer.TypedValue = entry.Answer;
        accountAfter.TypedValue = entry.AccountAfter;
    }
}
