using System.Reflection;
using System.Security.Cryptography;

namespace Settlement.Ledger.Tests;

/// <summary>What was written comes back, by every key there is.</summary>
public abstract class StoreReadTests : LedgerTest
{
    [Fact]
    public async Task Every_column_comes_back_as_it_was_written()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new(EntrySamples.Full().PersonId);
        for (int i = 1; i <= 6; i++) await AppendAsync(writer, person.Settle($"r{i}"));
        LedgerEntry written = EntrySamples.Full(previous: person.Newest!.Hash).Seal();
        await AppendAsync(writer, written);

        LedgerEntry read = (await Store.ReadNewestAsync(person.Person))!;

        AssertSame(written, read);
        Assert.True(read.Position > 0);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_each_gets_the_newest_entry_of_his_person()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory[] persons = [.. Enumerable.Range(0, 40).Select(i => new PersonHistory($"P{i}"))];
        foreach (PersonHistory person in persons)
            for (int i = 0; i <= person.Person.Length; i++) await AppendAsync(writer, person.Settle($"{person.Person}-{i}"));

        LedgerEntry?[] read = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Task.Run(() => Store.ReadNewestAsync($"P{i % 50}"))));

        for (int i = 0; i < read.Length; i++)
        {
            if (i % 50 < 40) AssertSame(persons[i % 50].Newest!, read[i]!);
            else Assert.Null(read[i]);
        }
    }

    [Fact]
    public async Task What_is_absent_comes_back_absent()
    {
        await using LedgerWriter writer = OpenWriter();
        LedgerEntry written = new LedgerEntry
        {
            PersonId = "P",
            Sequence = 1,
            Kind = LedgerEntryKind.Registration,
            Origin = "AGENCY",
            RequestId = "r",
            RequestKey = LedgerKey.ForRequest("AGENCY", "r"),
            BenefitYear = 2026,
            EffectiveDate = new DateOnly(1900, 1, 1),
            Region = 0,
            PackKey = 0,
            RecordedAt = DateTimeOffset.UnixEpoch,
            PreviousHash = LedgerHash.Zero,
        }.Seal();
        await AppendAsync(writer, written);
        AssertSame(written, (await Store.ReadNewestAsync("P"))!);
    }

    [Fact]
    public async Task Extreme_values_and_large_blobs_come_back()
    {
        await using LedgerWriter writer = OpenWriter();
        byte[] blob = new byte[100_000];
        new Random(1).NextBytes(blob);
        LedgerEntry written = new LedgerEntry
        {
            PersonId = new string('~', 30),
            Sequence = 1,
            Kind = LedgerEntryKind.Settlement,
            Origin = new string('!', 30),
            RequestId = new string('9', 64),
            RequestKey = LedgerKey.ForRequest(new string('!', 30), new string('9', 64)),
            ChargeKey = LedgerKey.FromBytes([.. Enumerable.Repeat((byte)0xFF, 16)]),
            ChargeGeneration = short.MaxValue,
            BenefitYear = 9998,
            EffectiveDate = new DateOnly(9998, 12, 31),
            VisitType = short.MaxValue,
            Region = int.MaxValue,
            PackKey = long.MinValue,
            Total = long.MaxValue,
            PersonPays = long.MaxValue,
            Event = blob.AsMemory(0, 50_000),
            Answer = blob.AsMemory(50_000, 49_000),
            AccountAfter = blob.AsMemory(99_000),
            RecordedAt = new DateTimeOffset(9998, 12, 31, 0, 0, 0, TimeSpan.Zero).AddTicks(10),
            PreviousHash = LedgerHash.Zero,
        }.Seal();
        await AppendAsync(writer, written);
        AssertSame(written, (await Store.ReadNewestAsync(written.PersonId))!);
    }

    [Fact]
    public async Task An_entry_is_found_by_each_of_its_keys()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        LedgerKey charge = LedgerKey.ForCharge("H", "visit", "1");
        LedgerEntry settled = person.Settle("r1", charge);
        LedgerEntry reversal = person.Reverse(1, "r2");
        LedgerEntry again = person.Settle("r3", charge, generation: 1);
        await AppendAsync(writer, settled, reversal, again, person.Settle("r4"));

        AssertSame(settled, (await Store.ReadAsync("P1", 1))!);
        AssertSame(settled, (await Store.ReadByRequestAsync(settled.RequestKey))!);
        AssertSame(again, (await Store.ReadNewestByChargeAsync(charge))!);
        AssertSame(reversal, (await Store.ReadReversalOfAsync("P1", 1))!);
        Assert.Equal(4, (await Store.ReadNewestAsync("P1"))!.Sequence);
    }

    [Fact]
    public async Task What_is_not_there_is_null_or_empty()
    {
        await using LedgerWriter writer = OpenWriter();
        await AppendAsync(writer, new PersonHistory("P1").Settle("r1"));
        LedgerKey unknown = LedgerKey.ForRequest("nobody", "nothing");

        Assert.Null(await Store.ReadNewestAsync("P2"));
        Assert.Null(await Store.ReadAsync("P1", 2));
        Assert.Null(await Store.ReadByRequestAsync(unknown));
        Assert.Null(await Store.ReadNewestByChargeAsync(unknown));
        Assert.Null(await Store.ReadReversalOfAsync("P1", 1));
        Assert.Null(await Store.ReadPackAsync(1));
        Assert.Empty(await Store.ReadPersonAsync("P2", 1, 10));
        Assert.Empty(await Store.ReadPersonNewestFirstAsync("P1", 1, 10));
    }

    [Fact]
    public async Task A_person_is_listed_in_both_directions_page_by_page()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        await AppendAsync(writer, [.. Enumerable.Range(1, 7).Select(i => person.Settle($"r{i}"))]);
        await AppendAsync(writer, new PersonHistory("P0").Settle("a"));
        await AppendAsync(writer, new PersonHistory("P2").Settle("b"));

        Assert.Equal([3, 4, 5], (await Store.ReadPersonAsync("P1", 3, 3)).Select(e => e.Sequence));
        Assert.Equal([6, 7], (await Store.ReadPersonAsync("P1", 6, 3)).Select(e => e.Sequence));
        Assert.Equal([7, 6, 5], (await Store.ReadPersonNewestFirstAsync("P1", null, 3)).Select(e => e.Sequence));
        Assert.Equal([4, 3], (await Store.ReadPersonNewestFirstAsync("P1", 5, 2)).Select(e => e.Sequence));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public async Task A_limit_outside_the_bounds_is_refused(int limit)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ReadPersonAsync("P", 1, limit));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ReadPersonNewestFirstAsync("P", null, limit));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ReadFromPositionAsync(0, limit));
    }

    [Fact]
    public async Task A_scan_gives_every_entry_by_person_and_sequence()
    {
        await using LedgerWriter writer = OpenWriter();
        // Upper case, digits and lower case stand in byte order, whatever the database's language; more entries than one page holds.
        string[] persons = ["1", "10", "2", "A", "B", "_", "a", "a1", "b"];
        List<Task<AppendOutcome>> answers = [];
        foreach (string name in persons.Reverse())
        {
            PersonHistory person = new(name);
            PersonLane lane = writer.OpenLane(name);
            for (int i = 1; i <= 130; i++) answers.Add(Start(writer, lane, person.Settle($"{name}-{i}")));
        }
        Assert.All(await StatusesAsync(answers), status => Assert.Equal(AppendStatus.Appended, status));

        List<LedgerEntry> all = await ScanSoundAsync();

        Assert.Equal(persons.SelectMany(name => Enumerable.Range(1, 130).Select(i => $"{name}-{i}")), all.Select(e => e.RequestId));
    }

    [Fact]
    public async Task The_feed_gives_every_entry_once_in_position_order()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory first = new("P1");
        PersonHistory second = new("P2");
        for (int i = 1; i <= 5; i++)
        {
            await AppendAsync(writer, first.Settle($"a{i}"));
            await AppendAsync(writer, second.Settle($"b{i}"));
        }

        List<LedgerEntry> feed = await ReadFeedAsync(Store, 10);

        Assert.Equal(["a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4", "a5", "b5"], feed.Select(e => e.RequestId));
        Assert.Equal(feed.Select(e => e.Position).Order(), feed.Select(e => e.Position));
    }

    [Fact]
    public async Task What_was_recorded_in_a_span_is_found_wherever_it_lies()
    {
        DateTimeOffset midnight = new(2026, 6, 15, 16, 0, 0, TimeSpan.Zero);
        await using LedgerWriter writer = OpenWriter();
        PersonHistory before = new("P1") { RecordedAt = midnight.AddTicks(-10) };
        PersonHistory after = new("P2") { RecordedAt = midnight };
        PersonHistory other = new("P3") { RecordedAt = midnight.AddHours(-1), Origin = "H2" };
        await AppendAsync(writer, before.Settle("a1"), before.Reverse(1, "a2"), before.Void("a3"));
        await AppendAsync(writer, after.Settle("b1"));
        await AppendAsync(writer, other.Settle("c1"));
        // Decided before midnight, written after what was decided later: as when the database was away meanwhile.
        await AppendAsync(writer, before.Settle("a4"));
        await AppendAsync(writer, after.Settle("b2"));

        RecordedSpan day = (await Store.FindRecordedAsync(midnight.AddDays(-1), midnight))!.Value;
        RecordedSpan next = (await Store.FindRecordedAsync(midnight, midnight.AddDays(1)))!.Value;

        Assert.Equal(["a1", "a2", "c1", "a4"], await PagesAsync(day));
        Assert.Equal(["a1", "a2", "a4"], await PagesAsync(day, "H21010500001"));
        Assert.Equal(["a1", "a2", "c1", "a4"], await PagesAsync(day, "H21010500001", "H2"));
        Assert.Equal(["b1", "b2"], await PagesAsync(next));
        Assert.Empty(await PagesAsync(day, "H3"));
        Assert.Null(await Store.FindRecordedAsync(midnight.AddDays(1), midnight.AddDays(2)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ReadSettledAsync(day, [], 0, 0));

        async Task<List<string>> PagesAsync(RecordedSpan span, params string[] origins)
        {
            List<LedgerEntry> read = [];
            IReadOnlyList<LedgerEntry> page;
            do
            {
                page = await Store.ReadSettledAsync(span, origins, read.Count == 0 ? 0 : read[^1].Position, 2);
                read.AddRange(page);
            }
            while (page.Count == 2);
            return [.. read.Select(entry => entry.RequestId)];
        }
    }

    [Fact]
    public async Task Packs_are_kept_and_given_back()
    {
        byte[] archive = [1, 2, 3, 0];
        await Store.RegisterPackAsync(-7, SHA256.HashData(archive), "shenyang 2026.1", archive);
        await Store.RegisterPackAsync(-7, SHA256.HashData(archive), "shenyang 2026.1", archive);

        LedgerPack pack = (await Store.ReadPackAsync(-7))!;

        Assert.Equal((-7, "shenyang 2026.1"), (pack.PackKey, pack.Name));
        Assert.Equal(archive, pack.Archive.ToArray());
        Assert.Equal(SHA256.HashData(archive), pack.Sha256.ToArray());
    }

    [Fact]
    public async Task A_pack_key_is_never_given_to_another_pack()
    {
        byte[] archive = [1];
        byte[] other = [2];
        await Store.RegisterPackAsync(7, SHA256.HashData(archive), "first", archive);

        LedgerException refusal = await Assert.ThrowsAsync<LedgerException>(
            () => Store.RegisterPackAsync(7, SHA256.HashData(other), "second", other));
        Assert.Contains("Pack key 7 of second is taken by another pack: first", refusal.Message);
        await Assert.ThrowsAsync<LedgerException>(() => Store.RegisterPackAsync(8, SHA256.HashData(other), "third", archive));
        Assert.Null(await Store.ReadPackAsync(8));
    }

    [Fact]
    public async Task A_healthy_store_says_so_and_where_it_is()
    {
        await Store.CheckHealthAsync();
        Assert.NotEmpty(Store.Description);
        Assert.DoesNotContain("Password", Store.Description);
    }

    /// <summary>Compares every property, so that a new one cannot be forgotten. Position is the database's own.</summary>
    private static void AssertSame(LedgerEntry expected, LedgerEntry actual)
    {
        foreach (PropertyInfo property in typeof(LedgerEntry).GetProperties().Where(p => p.Name != nameof(LedgerEntry.Position)))
        {
            (object? left, object? right) = (property.GetValue(expected), property.GetValue(actual));
            if (left is ReadOnlyMemory<byte> bytes)
                Assert.True(bytes.Span.SequenceEqual(((ReadOnlyMemory<byte>)right!).Span), property.Name);
            else Assert.True(Equals(left, right), $"{property.Name}: {left} was written, {right} was read");
        }
        Assert.True(actual.HashIsValid());
    }
}
