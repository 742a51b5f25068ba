using System.Reflection;

namespace Settlement.Ledger.Tests;

public class LedgerEntryTests
{
    /// <summary>What an entry says about itself rather than what it records.</summary>
    private static readonly string[] NotContent = [nameof(LedgerEntry.Hash), nameof(LedgerEntry.Position), nameof(LedgerEntry.IsSealed)];

    public static TheoryData<string> Content => [.. typeof(LedgerEntry).GetProperties().Select(p => p.Name).Except(NotContent)];

    [Theory]
    [MemberData(nameof(Content))]
    public void The_hash_changes_with_every_field(string field)
    {
        LedgerEntry entry = EntrySamples.Full();
        PropertyInfo property = typeof(LedgerEntry).GetProperty(field)!;
        LedgerEntry changed = EntrySamples.With(entry, property, Different(property.GetValue(entry)));
        Assert.NotEqual(LedgerEntryEncoding.ComputeHash(entry), LedgerEntryEncoding.ComputeHash(changed));
    }

    [Theory]
    [InlineData(nameof(LedgerEntry.ChargeKey))]
    [InlineData(nameof(LedgerEntry.Reverses))]
    public void Absent_is_not_the_same_as_zero(string field)
    {
        PropertyInfo property = typeof(LedgerEntry).GetProperty(field)!;
        object zero = Activator.CreateInstance(Nullable.GetUnderlyingType(property.PropertyType)!)!;
        LedgerEntry entry = EntrySamples.Full();
        Assert.NotEqual(
            LedgerEntryEncoding.ComputeHash(EntrySamples.With(entry, property, null)),
            LedgerEntryEncoding.ComputeHash(EntrySamples.With(entry, property, zero)));
    }

    [Fact]
    public void Neighbouring_blobs_do_not_run_into_one_another()
    {
        PropertyInfo @event = typeof(LedgerEntry).GetProperty(nameof(LedgerEntry.Event))!;
        PropertyInfo answer = typeof(LedgerEntry).GetProperty(nameof(LedgerEntry.Answer))!;
        LedgerEntry Entry(byte[] first, byte[] second) =>
            EntrySamples.With(
                EntrySamples.With(EntrySamples.Full(), @event, new ReadOnlyMemory<byte>(first)), answer, new ReadOnlyMemory<byte>(second));
        Assert.NotEqual(LedgerEntryEncoding.ComputeHash(Entry([1, 2], [3])), LedgerEntryEncoding.ComputeHash(Entry([1], [2, 3])));
    }

    [Fact]
    public void The_hash_of_a_known_entry_never_changes()
    {
        // Computed by an independent program. Stored chains depend on it: a change of the encoding needs a tag of its own.
        Assert.Equal("897789fbace5fdfc5d37fc3d70a20a8678a32159afd04ebf969935dc8b832ab1", EntrySamples.Full().Seal().Hash.ToString());
    }

    [Fact]
    public void A_large_entry_is_hashed_whole()
    {
        byte[] blob = new byte[200_000];
        PropertyInfo answer = typeof(LedgerEntry).GetProperty(nameof(LedgerEntry.Answer))!;
        LedgerHash before = LedgerEntryEncoding.ComputeHash(EntrySamples.With(EntrySamples.Full(), answer, new ReadOnlyMemory<byte>(blob)));
        blob[^1] = 1;
        Assert.NotEqual(
            before, LedgerEntryEncoding.ComputeHash(EntrySamples.With(EntrySamples.Full(), answer, new ReadOnlyMemory<byte>(blob))));
    }

    [Fact]
    public void An_entry_is_sealed_once()
    {
        LedgerEntry entry = EntrySamples.Full();
        Assert.False(entry.IsSealed);
        Assert.False(entry.HashIsValid());
        Assert.Same(entry, entry.Seal());
        Assert.True(entry.IsSealed);
        Assert.True(entry.HashIsValid());
        Assert.Throws<InvalidOperationException>(entry.Seal);
    }

    [Fact]
    public void Time_is_kept_in_utc_and_whole_microseconds()
    {
        DateTimeOffset shanghai = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddTicks(1_234_567);
        LedgerEntry entry = EntrySamples.With(EntrySamples.Full(), typeof(LedgerEntry)
            .GetProperty(nameof(LedgerEntry.RecordedAt))!, shanghai);
        Assert.Equal(new DateTimeOffset(2025, 12, 31, 16, 0, 0, TimeSpan.Zero).AddTicks(1_234_560), entry.RecordedAt);
        Assert.Equal(TimeSpan.Zero, entry.RecordedAt.Offset);
    }

    public static TheoryData<string, object?, string> BrokenRules => new()
    {
        { nameof(LedgerEntry.PersonId), "", "PersonId '' must be 1 to 30 printable ASCII characters" },
        { nameof(LedgerEntry.PersonId), "210102199001011234567890123456789", "PersonId '****89' must be 1 to 30" },
        { nameof(LedgerEntry.PersonId), "210102 199001", "PersonId '****01' must be 1 to 30" },
        { nameof(LedgerEntry.Origin), "H\0", "Origin" },
        { nameof(LedgerEntry.RequestId), new string('1', 65), "must be 1 to 64 printable" },
        { nameof(LedgerEntry.Sequence), 0, "Sequence '0' must be 1 or more" },
        { nameof(LedgerEntry.Kind), (LedgerEntryKind)0, "Kind 'None' must be a known kind" },
        { nameof(LedgerEntry.Kind), (LedgerEntryKind)9, "Kind '9' must be a known kind" },
        { nameof(LedgerEntry.RequestKey), LedgerKey.ForRequest("a", "b"), "must be the key of Origin and RequestId" },
        { nameof(LedgerEntry.ChargeGeneration), -1, "ChargeGeneration '-1' must be between 0 and 32767" },
        { nameof(LedgerEntry.ChargeKey), null, "must be 0 when there is no charge key" },
        { nameof(LedgerEntry.BenefitYear), 1899, "BenefitYear '1899' must be of the years 1900 to 9998" },
        { nameof(LedgerEntry.EffectiveDate), default(DateOnly), "EffectiveDate '1' must be of the years 1900 to 9998" },
        { nameof(LedgerEntry.EffectiveDate), DateOnly.MaxValue, "EffectiveDate '9999' must be of the years 1900 to 9998" },
        { nameof(LedgerEntry.RecordedAt), default(DateTimeOffset), "RecordedAt '1' must be of the years 1900 to 9998" },
        { nameof(LedgerEntry.VisitType), (short)-1, "VisitType '-1' must not be negative" },
        { nameof(LedgerEntry.Region), -1, "Region '-1' must not be negative" },
        { nameof(LedgerEntry.Reverses), null, "must be set on a reversal and only there" },
        { nameof(LedgerEntry.Reverses), 7, "must be the sequence of an earlier entry" },
        { nameof(LedgerEntry.Pooled), -1L, "Pooled '-1' must not be negative" },
        { nameof(LedgerEntry.PersonPays), 1L, "must be the sum of all payments, which is 701 fen" },
        { nameof(LedgerEntry.Total), long.MaxValue, "must be the sum of all payments, which is 708 fen" },
        { nameof(LedgerEntry.Event), new ReadOnlyMemory<byte>(new byte[(1 << 20) + 1]),
            "Event '1048577 bytes' must not be longer than 1048576 bytes" },
        { nameof(LedgerEntry.PreviousHash), LedgerHash.Zero, "must be zero for sequence 1 and only there" },
    };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void An_entry_that_breaks_a_rule_is_not_sealed(string field, object? value, string message)
    {
        LedgerEntry entry = EntrySamples.With(EntrySamples.Full(), typeof(LedgerEntry).GetProperty(field)!, value);
        ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(entry.Seal);
        Assert.Contains(message, refusal.Message);
        Assert.False(entry.IsSealed);
    }

    [Fact]
    public void Amounts_that_overflow_do_not_pass_for_a_right_sum()
    {
        // long.MaxValue twice and 2 more is 0 in 64 bits.
        LedgerEntry entry = EntrySamples.Full();
        foreach ((string field, long fen) in new[] { ("Pooled", long.MaxValue), ("SeriousIllness", long.MaxValue),
            ("AssistanceBasic", 2L) })
            entry = EntrySamples.With(entry, typeof(LedgerEntry).GetProperty(field)!, fen);
        foreach (string field in (string[])["Total", "AssistanceTilt", "AssistanceOutpatient", "AssistanceOther", "PersonPays"])
            entry = EntrySamples.With(entry, typeof(LedgerEntry).GetProperty(field)!, 0L);
        Assert.Throws<ArgumentException>(entry.Seal);
    }

    private static object Different(object? value) => value switch
    {
        string text => text + "x",
        int number => number + 1,
        short number => (short)(number + 1),
        long fen => fen + 1,
        LedgerEntryKind kind => kind + 1,
        LedgerKey => LedgerKey.ForRequest("other", "other"),
        LedgerHash => LedgerHash.Of("other"u8),
        DateOnly date => date.AddDays(1),
        DateTimeOffset time => time.AddMicroseconds(1),
        ReadOnlyMemory<byte> blob => new ReadOnlyMemory<byte>([.. blob.Span, 0]),
        _ => throw new InvalidOperationException($"This test does not know how to change a {value?.GetType().Name ?? "null"}."),
    };
}
