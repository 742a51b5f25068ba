using System.Data.Common;

namespace Settlement.Ledger;

/// <summary>The columns of an entry, in the one order that every statement of both stores uses.</summary>
internal static class EntryColumns
{
    public const string List = "position, " + Content;

    /// <summary>All columns but the position, which the database gives.</summary>
    public const string Content =
        "recorded_at, pack_key, total, pooled, serious_illness, assistance_basic, assistance_tilt, assistance_outpatient, "
        + "assistance_other, person_pays, request_key, charge_key, sequence, region, effective_date, reverses, benefit_year, visit_type, "
        + "kind, charge_generation, person_id, origin, request_id, previous_hash, hash, event, answer, account_after";

    public const int Position = 0;
    public const int RecordedAt = 1;
    public const int PackKey = 2;
    public const int Total = 3;
    public const int Pooled = 4;
    public const int SeriousIllness = 5;
    public const int AssistanceBasic = 6;
    public const int AssistanceTilt = 7;
    public const int AssistanceOutpatient = 8;
    public const int AssistanceOther = 9;
    public const int PersonPays = 10;
    public const int RequestKey = 11;
    public const int ChargeKey = 12;
    public const int Sequence = 13;
    public const int Region = 14;
    public const int EffectiveDate = 15;
    public const int Reverses = 16;
    public const int BenefitYear = 17;
    public const int VisitType = 18;
    public const int Kind = 19;
    public const int ChargeGeneration = 20;
    public const int PersonId = 21;
    public const int Origin = 22;
    public const int RequestId = 23;
    public const int PreviousHash = 24;
    public const int Hash = 25;
    public const int Event = 26;
    public const int Answer = 27;
    public const int AccountAfter = 28;
    public const int Count = 29;

    /// <summary>
    /// Reads a row in the order of <see cref="List"/>. The four columns whose types differ between databases come from outside.
    /// </summary>
    public static LedgerEntry Read(
        DbDataReader row, DateTimeOffset recordedAt, DateOnly effectiveDate, LedgerKey requestKey, LedgerKey? chargeKey) => new()
    {
        PersonId = row.GetString(PersonId),
        Sequence = row.GetInt32(Sequence),
        Kind = (LedgerEntryKind)row.GetInt16(Kind),
        Origin = row.GetString(Origin),
        RequestId = row.GetString(RequestId),
        RequestKey = requestKey,
        ChargeKey = chargeKey,
        ChargeGeneration = row.IsDBNull(ChargeGeneration) ? 0 : row.GetInt16(ChargeGeneration),
        BenefitYear = row.GetInt16(BenefitYear),
        EffectiveDate = effectiveDate,
        VisitType = row.GetInt16(VisitType),
        Region = row.GetInt32(Region),
        PackKey = row.GetInt64(PackKey),
        Reverses = row.IsDBNull(Reverses) ? null : row.GetInt32(Reverses),
        Total = row.GetInt64(Total),
        Pooled = row.GetInt64(Pooled),
        SeriousIllness = row.GetInt64(SeriousIllness),
        AssistanceBasic = row.GetInt64(AssistanceBasic),
        AssistanceTilt = row.GetInt64(AssistanceTilt),
        AssistanceOutpatient = row.GetInt64(AssistanceOutpatient),
        AssistanceOther = row.GetInt64(AssistanceOther),
        PersonPays = row.GetInt64(PersonPays),
        Event = row.GetFieldValue<byte[]>(Event),
        Answer = row.GetFieldValue<byte[]>(Answer),
        AccountAfter = row.GetFieldValue<byte[]>(AccountAfter),
        RecordedAt = recordedAt,
        PreviousHash = LedgerHash.FromBytes(row.GetFieldValue<byte[]>(PreviousHash)),
        Hash = LedgerHash.FromBytes(row.GetFieldValue<byte[]>(Hash)),
        Position = row.GetInt64(Position),
    };
}
