using Microsoft.Data.Sqlite;
using Npgsql;

namespace Settlement.Ledger.Tests;

/// <summary>What the database itself promises, whoever writes, and how the schema is looked after.</summary>
public abstract class SchemaTests : LedgerTest
{
    [Theory]
    [InlineData("total = total + 1")]
    [InlineData("pooled = pooled + 1")]
    [InlineData("total = 0, pooled = -person_pays, person_pays = person_pays, serious_illness = 0, assistance_basic = 0")]
    [InlineData("sequence = 0")]
    [InlineData("kind = 0")]
    [InlineData("kind = 7")] // with amounts
    [InlineData("kind = 8")] // with amounts
    [InlineData("kind = 9")]
    [InlineData("kind = 4")]
    [InlineData("reverses = 1")]
    [InlineData("charge_generation = 0")]
    [InlineData("benefit_year = 1")]
    [InlineData("region = -1")]
    [InlineData("visit_type = -1")]
    [InlineData("person_id = ''")]
    [InlineData("person_id = '1234567890123456789012345678901'")]
    [InlineData("origin = ''")]
    [InlineData("request_id = ''")]
    [InlineData("hash = answer")]
    [InlineData("previous_hash = hash")]
    [InlineData("request_key = NULL")]
    public async Task No_program_writes_an_entry_that_breaks_a_rule(string change)
    {
        await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("r1"));
        await AppendAsync(OpenWriter(), new PersonHistory("P2").Settle("r2"));

        // A copy of a good entry under free keys goes in; the same copy with one change does not.
        await CopyEntryAsync(FreeKeys(""));
        Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => CopyEntryAsync(FreeKeys(change)));
        Assert.True(refusal is SqliteException { SqliteErrorCode: 19 }
            or PostgresException { SqlState: "23514" or "23502" }, refusal.ToString());
    }

    [Fact]
    public async Task Entries_are_never_changed_or_removed()
    {
        await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("r1"));
        await Assert.ThrowsAnyAsync<Exception>(() => Place.ExecuteAsync($"UPDATE {Place.EntryTable} SET region = 1"));
        await Assert.ThrowsAnyAsync<Exception>(() => Place.ExecuteAsync($"DELETE FROM {Place.EntryTable}"));
        Assert.Single(await ScanSoundAsync());
    }

    [Fact]
    public async Task Initialising_again_keeps_what_is_there()
    {
        await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("r1"));
        ILedgerStore second = OpenStore();
        await second.InitialiseAsync();
        Assert.Equal("r1", (await second.ReadNewestAsync("P1"))!.RequestId);
    }

    [Fact]
    public async Task Several_programs_may_initialise_an_empty_database_at_once()
    {
        await using LedgerPlace empty = await CreatePlaceAsync();
        ILedgerStore[] stores = [.. Enumerable.Range(0, 6).Select(_ =>
            Own(LedgerStore.Create(empty.Options, Log)))];
        await Task.WhenAll(stores.Select(store => Task.Run(() => store.InitialiseAsync()))).WaitAsync(Patience);
        await stores[0].CheckHealthAsync();
        foreach (ILedgerStore store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task A_schema_from_the_future_is_refused_with_both_versions()
    {
        await Place.ExecuteAsync(Place.RaiseVersionSql);
        LedgerSchemaException refusal = await Assert.ThrowsAsync<LedgerSchemaException>(() => OpenStore().InitialiseAsync());
        Assert.Contains($"has schema version 1000; this program knows versions up to {Versions.Count}", refusal.Message);
    }

    [Fact]
    public async Task A_ledger_of_the_first_version_is_migrated_with_every_entry_in_its_place()
    {
        await using (LedgerWriter writer = OpenWriter())
        {
            foreach (string name in (string[])["P1", "P2"])
            {
                PersonHistory person = new(name);
                await AppendAsync(writer, person.Settle($"{name}-1"), person.Reverse(1, $"{name}-2"), person.Settle($"{name}-3"));
            }
        }
        List<(long Position, LedgerHash Hash)> before = [];
        await foreach (LedgerEntry entry in Store.ScanAsync()) before.Add((entry.Position, entry.Hash));
        await using LedgerPlace old = await CreatePlaceAsync();
        await CopyToVersion1Async(old);

        await using ILedgerStore migrated = LedgerStore.Create(old.Options, Log);
        await migrated.InitialiseAsync();
        await using LedgerWriter next = OpenWriter(migrated);

        Assert.Contains(Log.Lines, line => line.Contains($"migrated from version 1 to {Versions.Count}"));
        List<(long Position, LedgerHash Hash)> after = [];
        await foreach (LedgerEntry entry in migrated.ScanAsync()) after.Add((entry.Position, entry.Hash));
        Assert.Equal(before, after);
        await AppendAsync(next, new PersonHistory("P1", await migrated.ReadNewestAsync("P1")).Close("c1"));
        List<LedgerEntry> feed = await ReadFeedAsync(migrated, before.Count + 1);
        Assert.Equal(
            [.. before.Select(entry => entry.Position).Order(), (await migrated.ReadNewestAsync("P1"))!.Position],
            feed.Select(entry => entry.Position));
        Assert.Equal(feed.Skip(2).Select(entry => entry.Hash), (await migrated.ReadFromPositionAsync(feed[1].Position, 100))
            .Select(entry => entry.Hash));
        await AppendAsync(next, new PersonHistory("P3").Void("v1"));
        Assert.Equal(AppendStatus.DuplicateRequest, await TryAppendAsync(next, new PersonHistory("P4").Settle("P1-1")));
        Assert.Equal(AppendStatus.DuplicateRequest, await TryAppendAsync(next, new PersonHistory("P4").Settle("v1")));
        await Assert.ThrowsAnyAsync<Exception>(() => old.ExecuteAsync($"UPDATE {old.EntryTable} SET region = 1"));
        await Assert.ThrowsAnyAsync<Exception>(() => old.ExecuteAsync($"DELETE FROM {old.EntryTable}"));
    }

    [Fact]
    public void A_published_version_of_the_schema_is_never_edited() => Assert.Equal(PublishedVersions, Versions.Select(HashOf));

    /// <summary>The first 16 digits of the SHA-256 of each published version. A new version adds one; none is ever replaced.</summary>
    protected abstract string[] PublishedVersions { get; }

    private protected abstract IReadOnlyList<string> Versions { get; }

    /// <summary>
    /// Makes another place a ledger as the first version of the program would have left it, with the entries of this one.
    /// </summary>
    protected abstract Task CopyToVersion1Async(LedgerPlace old);

    private static string HashOf(string sql) => LedgerHash.Of(System.Text.Encoding.UTF8.GetBytes(sql)).ToString()[..16];

    /// <summary>Inserts a copy of P1's entry in which some columns have another value.</summary>
    protected abstract Task CopyEntryAsync(string changes);

    /// <summary>Assignments that give the copy keys of its own, then the change under test.</summary>
    private string FreeKeys(string change)
    {
        string own = change.Length == 0 ? "free" : "other";
        string[] keys = [$"person_id = '{own}'", $"request_key = {KeyLiteral(own)}", "position = position + "
            + (own == "free" ? "1000" : "2000")];
        return string.Join(", ", keys.Where(key => !change.StartsWith(key.Split(' ')[0], StringComparison.Ordinal)).Append(change)
            .Where(text => text.Length > 0));
    }

    private string KeyLiteral(string text)
    {
        LedgerKey key = LedgerKey.ForRequest(text, text);
        return Place.Options.Provider == LedgerProvider.Sqlite ? $"x'{Convert.ToHexString(key.ToArray())}'" : $"'{key.ToGuid()}'";
    }
}
