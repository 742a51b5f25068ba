using System.Net;
using System.Text;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests;

/// <summary>What a silo and what it stands on log at every level, while calls end well, are refused, or are not answered in time.</summary>
public sealed class RuntimeLogTests(ITestOutputHelper output)
{
    private const string Person = "210102198005200014";
    private const string Sleeper = "210102198005200030";

    /// <summary>Every category that appsettings.json quietens.</summary>
    private static readonly string[] EveryLevel =
    [
        .. new[] { "Default", "Microsoft", "Microsoft.Hosting.Lifetime", "Microsoft.AspNetCore.Hosting.Diagnostics", "Grpc", "Orleans" }
            .Select(category => $"Logging:LogLevel:{category}=Trace"),
        "Logging:Console:LogLevel:Default=None",
    ];

    [Fact]
    public async Task Nothing_that_is_logged_at_any_level_names_a_person()
    {
        using RecordedLog recorded = new();
        string path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ledger.db");
        await using (
            TestSilo silo = await TestSilo.StartAsync(
            [
                "Ledger:Provider=sqlite", $"Ledger:Path={path}", "Gateway:Insecure=true", "Cluster:ResponseTimeout=00:00:01", .. EveryLevel,
            ]))
        {
            silo.Logging.AddProvider(recorded);
            await silo.Enrolment.RegisterAsync(Requests.Register(Person));
            await silo.Settlement.SettleAsync(Requests.Settle(Person, "r1", Requests.Inpatient(4_000_000)));
            await Refused.With(
                "ALREADY_REGISTERED", StatusCode.AlreadyExists,
                silo.Enrolment.RegisterAsync(new RegisterRequest(Requests.Register(Person)) { RequestId = "again" }));
            using (HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) })
            {
                using StringContent question = new($$"""{"person":"{{Person}}"}""", Encoding.UTF8, "application/json");
                using HttpResponseMessage answer = await http.PostAsync("/v1/Settlement/GetAccount", question);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

            SettleRequest slow = Requests.Settle(Person, "r2", Requests.Inpatient(4_000_000));
            await HoldAsync(path, async () => await Refused.With(
                "OUTCOME_UNKNOWN", StatusCode.Unavailable, silo.Settlement.SettleAsync(slow)));
            await WrittenAsync(silo, slow);
            await LoseAsync(path);
            await Assert.ThrowsAsync<RpcException>(
                async () => await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = Sleeper }));
        }

        output.WriteLine($"{recorded.Lines.Count} lines");
        Assert.Contains(recorded.Lines, line => line.StartsWith("Debug", StringComparison.Ordinal));
        Assert.Empty(recorded.Lines.Where(line => line.Contains(Person) || line.Contains(Sleeper)));
    }

    /// <summary>Waits until a request is settled after all.</summary>
    private static async Task WrittenAsync(TestSilo silo, SettleRequest request)
    {
        GetByRequestRequest question =
            new() { RequestId = request.RequestId, Person = request.Person, Facility = request.Claim.Facility.Code };
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while ((await silo.Settlement.GetByRequestAsync(question)).State != GetByRequestResponse.Types.State.Settled)
            await pause.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Takes the entries away, so that nobody can wake.</summary>
    private static async Task LoseAsync(string path)
    {
        await using SqliteConnection another = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        another.Open();
        await using SqliteCommand command = another.CreateCommand();
        command.CommandText = "ALTER TABLE entry RENAME TO gone";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>While the ledger's file is held by another, nothing is written.</summary>
    private static async Task HoldAsync(string path, Func<Task> meanwhile)
    {
        await using SqliteConnection another = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        another.Open();
        await using SqliteTransaction holding = another.BeginTransaction(deferred: false);
        await meanwhile();
    }
}
