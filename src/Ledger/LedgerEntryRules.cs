using System.Buffers;

namespace Settlement.Ledger;

/// <summary>
/// The rules every entry keeps, checked before it is sealed. The databases check the same again with constraints, so that no other
/// program breaks them either.
/// </summary>
internal static class LedgerEntryRules
{
    public const int MaxPersonIdLength = 30;
    public const int MaxOriginLength = 30;
    public const int MaxRequestIdLength = 64;
    public const int MaxBlobLength = 1 << 20;

    // The last day of 9999 means "infinity" to PostgreSQL's driver; no ledger needs that year.
    private const int FirstYear = 1900;
    private const int LastYear = 9998;

    // Identifiers of the national interface are letters, digits and a few signs. Printable ASCII without the blank keeps their order the
    // same in every database and language.
    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static void CheckPersonId(string personId) =>
        Identifier(nameof(LedgerEntry.PersonId), personId, MaxPersonIdLength, masked: true);

    public static void Check(LedgerEntry entry)
    {
        CheckPersonId(entry.PersonId);
        Identifier(nameof(entry.Origin), entry.Origin, MaxOriginLength, masked: false);
        Identifier(nameof(entry.RequestId), entry.RequestId, MaxRequestIdLength, masked: false);
        Rule(entry.Sequence >= 1, nameof(entry.Sequence), entry.Sequence, "must be 1 or more");
        Rule(entry.Kind is >= LedgerEntryKind.Registration
            and <= LedgerEntryKind.Void, nameof(entry.Kind), entry.Kind, "must be a known kind");
        Rule(entry.RequestKey == LedgerKey.ForRequest(entry.Origin, entry.RequestId), nameof(entry.RequestKey), entry.RequestKey,
            "must be the key of Origin and RequestId");
        CheckReferences(entry);
        Year(nameof(entry.BenefitYear), entry.BenefitYear);
        Year(nameof(entry.EffectiveDate), entry.EffectiveDate.Year);
        Year(nameof(entry.RecordedAt), entry.RecordedAt.Year);
        Rule(entry.VisitType >= 0, nameof(entry.VisitType), entry.VisitType, "must not be negative");
        Rule(entry.Region >= 0, nameof(entry.Region), entry.Region, "must not be negative");
        CheckAmounts(entry);
        Blob(nameof(entry.Event), entry.Event);
        Blob(nameof(entry.Answer), entry.Answer);
        Blob(nameof(entry.AccountAfter), entry.AccountAfter);
        Rule(entry.PreviousHash.IsZero == (entry.Sequence == 1), nameof(entry.PreviousHash), entry.PreviousHash,
            "must be zero for sequence 1 and only there");
    }

    private static void CheckReferences(LedgerEntry entry)
    {
        Rule(entry.ChargeGeneration is >= 0
            and <= short.MaxValue, nameof(entry.ChargeGeneration), entry.ChargeGeneration, "must be between 0 and 32767");
        Rule(entry.ChargeKey is not null || entry.ChargeGeneration == 0, nameof(entry.ChargeGeneration), entry.ChargeGeneration,
            "must be 0 when there is no charge key");
        Rule(entry.Reverses.HasValue == (entry.Kind == LedgerEntryKind.Reversal), nameof(entry.Reverses), entry.Reverses,
            "must be set on a reversal and only there");
        Rule(entry.Reverses is null || (entry.Reverses >= 1 && entry.Reverses < entry.Sequence), nameof(entry.Reverses), entry.Reverses,
            "must be the sequence of an earlier entry");
    }

    private static void CheckAmounts(LedgerEntry entry)
    {
        NotNegative(nameof(entry.Total), entry.Total);
        NotNegative(nameof(entry.Pooled), entry.Pooled);
        NotNegative(nameof(entry.SeriousIllness), entry.SeriousIllness);
        NotNegative(nameof(entry.AssistanceBasic), entry.AssistanceBasic);
        NotNegative(nameof(entry.AssistanceTilt), entry.AssistanceTilt);
        NotNegative(nameof(entry.AssistanceOutpatient), entry.AssistanceOutpatient);
        NotNegative(nameof(entry.AssistanceOther), entry.AssistanceOther);
        NotNegative(nameof(entry.PersonPays), entry.PersonPays);
        Rule(entry.Kind is not (LedgerEntryKind.Correction or LedgerEntryKind.Void) || entry.Total == 0, nameof(entry.Total), entry.Total,
            "must be 0 on a correction's closing entry and on a void");
        Int128 paid = (Int128)entry.Pooled + entry.SeriousIllness + entry.AssistanceBasic + entry.AssistanceTilt
            + entry.AssistanceOutpatient + entry.AssistanceOther + entry.PersonPays;
        // The text is made only for a broken rule: this is on every settlement's way.
        if (entry.Total != paid) throw Broken(nameof(entry.Total), entry.Total, $"must be the sum of all payments, which is {paid} fen");
    }

    private static void Year(string field, int year)
    {
        if (year is < FirstYear or > LastYear) throw Broken(field, year, $"must be of the years {FirstYear} to {LastYear}");
    }

    private static void NotNegative(string field, long fen) => Rule(fen >= 0, field, fen, "must not be negative");

    private static void Blob(string field, ReadOnlyMemory<byte> blob)
    {
        if (blob.Length > MaxBlobLength) throw Broken(field, $"{blob.Length} bytes", $"must not be longer than {MaxBlobLength} bytes");
    }

    private static void Identifier(string field, string value, int longest, bool masked)
    {
        ArgumentNullException.ThrowIfNull(value, field);
        if (value.Length >= 1 && value.Length <= longest && !value.AsSpan().ContainsAnyExcept(IdentifierCharacters)) return;
        throw Broken(field, masked ? PersonMask.Of(value) : value, $"must be 1 to {longest} printable ASCII characters without blanks");
    }

    private static void Rule<T>(bool holds, string field, T value, string rule)
    {
        if (!holds) throw Broken(field, value, rule);
    }

    private static ArgumentException Broken<T>(string field, T value, string rule) => new($"{field} '{value}' {rule}.", field);
}
