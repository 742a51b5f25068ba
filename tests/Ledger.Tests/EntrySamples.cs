using System.Reflection;

namespace Settlement.Ledger.Tests;

/// <summary>Entries with every field filled in, and copies of them with one field changed.</summary>
internal static class EntrySamples
{
    /// <summary>An unsealed entry in which every field has a value of its own, so that no two can be mixed up unseen.</summary>
    public static LedgerEntry Full(string person = "21010000000000000000000000P1", int sequence = 7, LedgerHash? previous = null) => new()
    {
        PersonId = person,
        Sequence = sequence,
        Kind = LedgerEntryKind.Reversal,
        Origin = "H21010500001",
        RequestId = "H21010500001202606151200000001",
        RequestKey = LedgerKey.ForRequest("H21010500001", "H21010500001202606151200000001"),
        ChargeKey = LedgerKey.ForCharge("H21010500001", "visit-1", "batch-1"),
        ChargeGeneration = 3,
        BenefitYear = 2025,
        EffectiveDate = new DateOnly(2026, 2, 28),
        VisitType = 2107,
        Region = 210102,
        PackKey = -5_000_000_000_000_000_001,
        Reverses = sequence - 1,
        Total = 708,
        Pooled = 101,
        SeriousIllness = 102,
        AssistanceBasic = 103,
        AssistanceTilt = 104,
        AssistanceOutpatient = 105,
        AssistanceOther = 185,
        PersonPays = 8,
        Event = new byte[] { 1, 0, 255 },
        Answer = new byte[] { 2, 0, 254, 7 },
        AccountAfter = new byte[] { 3 },
        RecordedAt = new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_990),
        PreviousHash = previous ?? LedgerHash.Of("previous"u8),
    };

    /// <summary>A copy with one field changed, not sealed.</summary>
    public static LedgerEntry With(LedgerEntry entry, PropertyInfo changed, object? value)
    {
        LedgerEntry copy = (LedgerEntry)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(LedgerEntry));
        foreach (PropertyInfo property in typeof(LedgerEntry).GetProperties()
            .Where(p => p.SetMethod is not null && p.Name != nameof(LedgerEntry.Hash)))
            property.SetValue(copy, property == changed ? value : property.GetValue(entry));
        return copy;
    }
}
