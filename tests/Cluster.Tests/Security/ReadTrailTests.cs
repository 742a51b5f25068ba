using System.Text.Json;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Gateway.Reads;
using Settlement.Identity;

namespace Settlement.Cluster.Tests.Security;

/// <summary>Who read whose data is written down, without the person's number; and what cannot be written down is not shown.</summary>
public sealed class ReadTrailTests : IAsyncLifetime
{
    private const string Person = "P-READ-0001";
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-reads-").FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_operation_that_shows_a_persons_data_leaves_a_line_with_who_when_what_and_a_keyed_hash()
    {
        (string text, KeyFile file) = new KeyFile().Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        file.Write(Path.Combine(folder, "keys.json"));
        Metadata key = new() { { "authorization", $"Bearer {text}" } };
        string reads = Path.Combine(folder, "reads");
        await using (
            TestSilo silo = await TestSilo.StartAsync(
            [.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={folder}/keys.json", $"Gateway:Reads:Directory={reads}"]))
        {
            await silo.Enrolment.RegisterAsync(Requests.Register(Person), key);
            SettleResponse settled = await silo.Settlement.SettleAsync(Requests.Settle(Person, "r1", Requests.Inpatient(100_000)), key);
            await silo.Settlement.QuoteAsync(new QuoteRequest { Person = Person, Claim = Requests.Inpatient(100_000) }, key);
            await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = Person }, key);
            await silo.Settlement.GetLimitsAsync(new GetLimitsRequest { Person = Person, Region = Requests.Shenyang }, key);
            await silo.Settlement.ListSettlementsAsync(new ListSettlementsRequest { Person = Person }, key);
            await silo.Settlement.GetSettlementAsync(new GetSettlementRequest { SettlementId = settled.Result.SettlementId }, key);
            await silo.Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = "r1", Facility = "H210100001" }, key);
            await silo.Settlement.CheckDepositAsync(new CheckDepositRequest { Person = Person, Claim = Requests.Inpatient(100_000) }, key);
            await silo.Enrolment.GetCoverageAsync(new GetCoverageRequest { Person = Person, Region = Requests.Shenyang, Year = 2026 }, key);
            using AsyncServerStreamingCall<FollowResponse> feed = new Feed.FeedClient(silo.Channel())
                .Follow(new FollowRequest { Once = true, Facility = "H210100001" }, key);
            while (await feed.ResponseStream.MoveNext(CancellationToken.None))
                Assert.NotEqual(Person, feed.ResponseStream.Current.Change?.Facility);
        }

        string[] lines = [.. Directory.GetFiles(reads, "*.jsonl").Order().SelectMany(File.ReadAllLines)];
        JsonElement[] records = [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            [
                "Settlement/Quote", "Settlement/GetAccount", "Settlement/GetLimits", "Settlement/ListSettlements",
                "Settlement/GetSettlement", "Settlement/GetByRequest", "Settlement/CheckDeposit", "Enrolment/GetCoverage", "Feed/Follow",
            ],
            records.Select(record => record.GetProperty("operation").GetString()));
        Assert.All(records, record =>
            Assert.Equal(("AGENCY", file.Keys[0].Id), (record.GetProperty("holder").GetString(), record.GetProperty("key").GetString())));
        Assert.All(records, record => Assert.True(DateTimeOffset.TryParse(record.GetProperty("at").GetString(), out _)));
        Assert.DoesNotContain(Person, string.Join('\n', lines));
        Assert.Equal("****01", records[0].GetProperty("person").GetString());
        Assert.Equal(PersonHash.Open(reads).Of(Person), records[0].GetProperty("personHash").GetString());
        if (OperatingSystem.IsWindows()) return;
        foreach (string path in Directory.GetFiles(reads))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_shown_settling_goes_on_and_nothing_shown_is_missing_later()
    {
        string blocked = Path.Combine(folder, "a-file");
        string reads = Path.Combine(blocked, "reads");
        await File.WriteAllTextAsync(blocked, "");
        int shown = 0;
        await using (
            TestSilo silo = await TestSilo.StartAsync(
            [.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true", $"Gateway:Reads:Directory={reads}",
                "Gateway:Reads:QueueCapacity=4", "Logging:LogLevel:Settlement=None"]))
        {
            await silo.Enrolment.RegisterAsync(Requests.Register(Person));
            RpcException? refused = null;
            while (shown < 300 && refused is null)
            {
                try
                {
                    await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = Person });
                    shown++;
                }
                catch (RpcException error)
                {
                    refused = error;
                }
            }

            Assert.Equal(StatusCode.ResourceExhausted, refused?.StatusCode);
            Assert.NotNull(refused!.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
            await silo.Settlement.SettleAsync(Requests.Settle(Person, "r1", Requests.Inpatient(100_000)));
            // The disk is mended; a silo that stops waits until all is written.
            File.Delete(blocked);
        }

        Assert.Equal(shown, Directory.GetFiles(reads, "*.jsonl").Sum(path => File.ReadLines(path).Count()));
    }

    [Fact]
    public void A_hash_cannot_be_made_without_the_key_of_the_folder()
    {
        PersonHash here = PersonHash.Open(Path.Combine(folder, "one"));
        Assert.Equal(here.Of(Person), PersonHash.Open(Path.Combine(folder, "one")).Of(Person));
        Assert.NotEqual(here.Of(Person), PersonHash.Open(Path.Combine(folder, "two")).Of(Person));
        Assert.Equal(24, here.Of(Person).Length);
    }

    [Fact]
    public void A_full_file_and_a_new_day_begin_the_next_file()
    {
        using ReadTrailFile file = new(folder, maxBytes: 300);
        Gateway.Identity.Caller caller = new(Role.Agency, "k1", null);
        DateTimeOffset noon = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
        for (int i = 0; i < 6; i++)
        {
            file.Add(new ReadRecord(i < 4 ? noon : noon.AddDays(1), caller, "Settlement/GetAccount", Person, ""));
            file.Write();
        }

        string[] written = [.. Directory.GetFiles(folder, "*.jsonl").Order()];
        Assert.Equal(3, written.Length);
        Assert.Equal([2, 2, 2], written.Select(path => File.ReadAllLines(path).Length));
        Assert.Contains("20260616", written[^1]);
    }
}
