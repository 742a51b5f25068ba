using Grpc.Core;
using Npgsql;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests.Feeding;

/// <summary>What the change feed promises of order and completeness, while others write, on both stores.</summary>
public sealed class FeedOrderTests
{
    private const int Seed = 20_261_122;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_entry_is_given_once_in_order_while_writers_race_and_the_stream_is_cut(bool postgres)
    {
        await using TestSilo silo = await StartAsync(postgres);
        Following following = new(silo);
        const int writers = 4;
        const int each = 30;
        const int all = writers * (each + 1);
        Task writing = Task.WhenAll(Enumerable.Range(0, writers).Select(number => WriteAsync(silo, number, each)));
        Random random = new(Seed);
        List<Change> changes = [];
        while (changes.Count < all)
        {
            // A consumer that is cut at any place and begins again behind what it has handled.
            int until = Math.Min(all, changes.Count + random.Next(1, 40));
            FollowRequest request = new() { After = changes.Count == 0 ? 0 : changes[^1].Position };
            changes.AddRange(await following.TakeAsync(until - changes.Count, request));
        }

        await writing;
        List<LedgerEntry> entries = [];
        await foreach (LedgerEntry entry in silo.Ledger.ScanAsync()) entries.Add(entry);
        Assert.Equal(all, entries.Count);
        Assert.Equal(
            entries.OrderBy(entry => entry.Position)
                .Select(entry => (entry.Position, entry.PersonId, (long)entry.Sequence, entry.RequestKey.ToString(), (int)entry.Kind)),
            changes.Select(change => (change.Position, change.Person, change.Sequence, change.EntryId, (int)change.Kind)));
    }

    [Fact]
    public async Task What_commits_late_holds_back_what_lies_behind_it()
    {
        string[] place = await TestLedgers.PostgresAsync();
        await using TestSilo silo = await StartAsync(place);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        Following following = new(silo);
        long registered = (await following.TakeAsync(1, new FollowRequest()))[0].Position;
        await using NpgsqlConnection slow = new(place[1][(place[1].IndexOf('=') + 1)..]);
        await slow.OpenAsync();
        await using (NpgsqlTransaction transaction = await slow.BeginTransactionAsync())
        {
            // Any writing transaction that began earlier could still bring a smaller position.
            await using NpgsqlCommand number = new("SELECT pg_current_xact_id()::text", slow);
            await number.ExecuteScalarAsync();
            await silo.Settlement.SettleAsync(Requests.Settle("P1", "s1", Requests.Inpatient(400_000)));
            Assert.Empty(await following.OnceAsync(new FollowRequest { After = registered }));
            await transaction.CommitAsync();
        }

        Assert.Equal("s1", (await following.TakeAsync(1, new FollowRequest { After = registered }))[0].RequestId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Progress_tells_how_far_a_stream_is_that_has_nothing_to_give(bool postgres)
    {
        await using TestSilo silo = await StartAsync(postgres);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        Following following = new(silo);
        Change registered = (await following.TakeAsync(1, new FollowRequest()))[0];
        Assert.Equal(registered.Position, (await ProgressAsync(new FollowRequest())).Position);

        // Nothing matches, and the position moves on all the same; then it speaks now and then.
        FollowRequest grants = new() { Kinds = { Change.Types.Kind.Grant } };
        List<FeedProgress> told = [];
        await foreach (FollowResponse response in following.Parts(grants))
        {
            told.Add(response.Progress);
            if (told.Count == 3) break;
        }

        Assert.All(told, progress => Assert.Equal((registered.Position, true), (progress.Position, progress.Newest)));
        Assert.Equal(long.MaxValue, (await ProgressAsync(new FollowRequest { After = long.MaxValue })).Position);

        async Task<FeedProgress> ProgressAsync(FollowRequest request)
        {
            await foreach (FollowResponse response in following.Parts(request))
            {
                if (response.Progress is { } progress) return progress;
            }

            throw new InvalidOperationException("The stream ended without progress.");
        }
    }

    private static async Task<TestSilo> StartAsync(bool postgres) =>
        await StartAsync(await (postgres ? TestLedgers.PostgresAsync() : TestLedgers.SqliteAsync()));

    private static Task<TestSilo> StartAsync(string[] place) => TestSilo.StartAsync(
        [.. place, "Gateway:Insecure=true", "Gateway:Feed:PollInterval=00:00:00.01", "Gateway:Feed:Heartbeat=00:00:00.02"]);

    // Settles, reverses and voids in an order of its own, each step one entry.
    private static async Task WriteAsync(TestSilo silo, int number, int entries)
    {
        Random random = new(Seed + number);
        string person = $"P{number}";
        await silo.Enrolment.RegisterAsync(Requests.Register(person));
        string? standing = null;
        for (int i = 0; i < entries; i++)
        {
            string id = $"{person}-{i}";
            switch (random.Next(3))
            {
                case 0 when standing is not null:
                    await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = id, Person = person, SettlementId = standing });
                    standing = null;
                    break;
                case 1:
                    await silo.Settlement.VoidAsync(new VoidRequest { RequestId = id, Person = person, Facility = "H210100001" });
                    break;
                default:
                    standing = (
                        await silo.Settlement.SettleAsync(Requests.Settle(person, id, Requests.Inpatient(random.Next(100_000, 900_000)))))
                        .Result.SettlementId;
                    break;
            }
        }
    }
}
