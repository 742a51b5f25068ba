using Microsoft.Data.Sqlite;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests;

/// <summary>What a caller is told who asks for a request while the ledger writes it, or a repeat of it.</summary>
public sealed class AskedWhileWrittenTests
{
    [Fact]
    public async Task A_request_is_in_progress_until_it_is_written_and_what_was_accepted_before_is_settled()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ledger.db");
        await using TestSilo silo = await TestSilo.StartAsync("Ledger:Provider=sqlite", $"Ledger:Path={path}", "Gateway:Insecure=true");
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleRequest accepted = Requests.Settle("P1", "accepted", Requests.Inpatient(1_000_000));
        SettleRequest later = Requests.Settle("P1", "later", Requests.Inpatient(1_000_000));
        SettleResponse first = await silo.Settlement.SettleAsync(accepted);

        Task<SettleResponse> repeat;
        Task<SettleResponse> writing;
        await using (SqliteConnection another = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()))
        {
            another.Open();
            await using SqliteTransaction holding = another.BeginTransaction(deferred: false);
            repeat = silo.Settlement.SettleAsync(accepted).ResponseAsync;
            writing = silo.Settlement.SettleAsync(later).ResponseAsync;
            await UntilAsync(async () => (await AskAsync(silo, later)).State == GetByRequestResponse.Types.State.InProgress);

            GetByRequestResponse asked = await AskAsync(silo, accepted);
            Assert.Equal(GetByRequestResponse.Types.State.Settled, asked.State);
            Assert.Equal(first, asked.Settled);
        }

        Assert.Equal(first, await repeat);
        Assert.Equal(await writing, (await AskAsync(silo, later)).Settled);
    }

    private static async Task<GetByRequestResponse> AskAsync(TestSilo silo, SettleRequest request) =>
        await silo.Settlement.GetByRequestAsync(
        new GetByRequestRequest { RequestId = request.RequestId, Person = request.Person, Facility = request.Claim.Facility.Code });

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(10));
        while (!await condition()) await pause.WaitForNextTickAsync(patience.Token);
    }
}
