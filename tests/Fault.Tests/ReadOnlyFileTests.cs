using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Tests.Support;

namespace Settlement.Fault.Tests;

/// <summary>A ledger file that turns read-only under a running silo, in a process of its own that file permissions bind.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReadOnlyFileTests
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Settlements_are_refused_while_the_file_is_read_only_and_accepted_when_it_is_not()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-").FullName;
        string ledger = Path.Combine(folder, "ledger.db");
        if (Environment.IsPrivilegedProcess)
        {
            using Process give = Process.Start("chown", ["postgres", folder]);
            await give.WaitForExitAsync();
        }

        await using SiloProcess silo = new(
            Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll"), Path.Combine(AppContext.BaseDirectory, "policies"),
            "Ledger:Provider=sqlite", $"Ledger:Path={ledger}", "Ledger:Writer:OutagePatience=00:00:00",
                "Cluster:ResponseTimeout=00:00:01") { AsOrdinaryUser = true };
        await silo.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(silo.Address);
        Contract.Settlement.SettlementClient client = new(channel);
        using HttpClient http = new() { BaseAddress = silo.Http };
        await new Enrolment.EnrolmentClient(channel).RegisterAsync(Requests.Register("P1"));

        UnixFileMode before = File.GetUnixFileMode(ledger);
        File.SetUnixFileMode(ledger, ReadOnly);
        SettleRequest request = Requests.Settle("P1", "s1", Requests.Inpatient(400_000));
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => client.SettleAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        await UntilReadyIsAsync(http, HttpStatusCode.ServiceUnavailable);

        File.SetUnixFileMode(ledger, before);
        await UntilReadyIsAsync(http, HttpStatusCode.OK);
        SettleResponse settled = await client.SettleAsync(request);
        Assert.Equal(settled, await client.SettleAsync(request));
        Assert.Equal(2, (await client.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Sequence);
    }

    private static async Task UntilReadyIsAsync(HttpClient http, HttpStatusCode expected)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync("/health/ready", patience.Token);
            if (answer.StatusCode == expected) return;
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }
}
