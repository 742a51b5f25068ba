using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Settlement.Bench.Checks;
using Settlement.Bench.Payloads;
using Settlement.Contract;
using Settlement.Peers.Hosting;
using Settlement.Tests.Support;

namespace Settlement.Load.Tests.Peers;

/// <summary>The peers do what they are compared for, and the checks after a run would see it if they did not.</summary>
public sealed class PeerTests
{
    private const int Persons = 3;
    private const int Settlements = 9;
    private static readonly Discharges Sent = new(Persons, seed: 1);

    public static TheoryData<string> Settling => [PeerHost.Rules, PeerHost.State, PeerHost.RowLock, PeerHost.OneStatement];

    /// <summary>
    /// What anybody but the one-statement peer decides in the same order on the same accounts is the same; that one says why it differs.
    /// </summary>
    [Theory]
    [MemberData(nameof(Settling))]
    public async Task A_peer_settles_like_the_others_and_its_check_holds(string kind)
    {
        string connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        List<SettlementResult> results = await SettleAsync(kind, connection);
        List<SettlementResult> inMemory = await SettleAsync(PeerHost.Rules, "");
        Assert.Equal(
            inMemory.Select(result => (result.Person, result.Sequence)), results.Select(result => (result.Person, result.Sequence)));
        if (kind != PeerHost.OneStatement) Assert.Equal(inMemory.Select(Amounts), results.Select(Amounts));
        if (kind != PeerHost.Rules) Assert.NotEmpty(await PeerCheck.RunAsync(kind, connection, new Answered(kind, Settlements, Persons)));
    }

    [Theory]
    [InlineData(PeerHost.RowLock, "DELETE FROM peer.entry WHERE sequence = 3", "are stored")]
    [InlineData(PeerHost.RowLock, "UPDATE peer.entry SET sequence = 99 WHERE sequence = 3", "do not follow")]
    [InlineData(
        PeerHost.RowLock, "UPDATE peer.account SET sequence = sequence + 1 WHERE person_id LIKE '%1'", "are not at their newest entry")]
    [InlineData(PeerHost.RowLock, "UPDATE peer.entry SET total = total + 1 WHERE sequence = 2", "do not add up")]
    [InlineData(
        PeerHost.RowLock, "UPDATE peer.entry SET previous_hash = decode(repeat('ab', 32), 'hex') WHERE sequence = 2",
        "break their person's chain")]
    [InlineData(PeerHost.State, "UPDATE peer.grain_state SET version = version - 1", "writes of states")]
    public async Task What_a_peer_lost_or_altered_is_found(string kind, string harm, string told)
    {
        string connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await SettleAsync(kind, connection);
        await PostgresServer.ExecuteAsync(connection, harm);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PeerCheck.RunAsync(kind, connection, new Answered(kind, Settlements, Persons)));
        Assert.Contains(told, error.Message);
    }

    [Fact]
    public async Task Two_writers_of_one_state_are_told_apart_by_its_version()
    {
        string connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using WebApplication peer = await StartAsync(PeerHost.State, connection, FreePort(), out _);
        const string write = "SELECT peer.write_state(1, 0, 0, 2, 'type', 'person', 'service', {0}, '\\x00')";
        Assert.Equal(1, await PostgresServer.ScalarAsync(connection, string.Format(write, "NULL")));
        Assert.Equal(2, await PostgresServer.ScalarAsync(connection, string.Format(write, "1")));
        Assert.Equal(1, await PostgresServer.ScalarAsync(connection, string.Format(write, "1")));
        Assert.Equal(DBNull.Value, await PostgresServer.ScalarAsync(connection, string.Format(write, "NULL")));
    }

    [Fact]
    public async Task The_counting_grain_counts_each_person_s_calls()
    {
        await using WebApplication peer = await StartAsync(PeerHost.Counter, "", FreePort(), out string address);
        await peer.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        Contract.Settlement.SettlementClient client = new(channel);
        foreach ((string person, long count) in ((string, long)[])[("a", 1), ("a", 2), ("b", 1), ("a", 3)])
            Assert.Equal(count, (await client.GetAccountAsync(new GetAccountRequest { Person = person })).Sequence);
    }

    [Fact]
    public async Task A_person_whom_a_peer_does_not_know_is_refused()
    {
        await using WebApplication peer = await StartAsync(PeerHost.Rules, "", FreePort(), out string address);
        await peer.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Contract.Settlement.SettlementClient(channel).SettleAsync(Discharges.Request(Sent.Facts(1))));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task A_kind_that_does_not_exist_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("nothing", "", FreePort(), out _));

    private static (long Total, long Pooled, long Person) Amounts(SettlementResult result) =>
        (result.Totals.Total, result.Pooled, result.PersonPays);

    private static async Task<List<SettlementResult>> SettleAsync(string kind, string connection)
    {
        await using WebApplication peer = await StartAsync(kind, connection, FreePort(), out string address);
        await peer.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        Enrolment.EnrolmentClient enrolment = new(channel);
        for (int person = 0; person < Persons; person++) await enrolment.RegisterAsync(Discharges.Register(person));
        Contract.Settlement.SettlementClient client = new(channel);
        List<SettlementResult> results = [];
        for (int i = 0; i < Settlements; i++)
            results.Add((await client.SettleAsync(Discharges.Request(Sent.Facts(i) with { Person = i % Persons }))).Result);
        return results;
    }

    private static Task<WebApplication> StartAsync(string kind, string connection, int port, out string address)
    {
        address = $"http://127.0.0.1:{port}";
        return PeerHost.BuildAsync(
        [
            $"--Peer:Kind={kind}", $"--Peer:ConnectionString={connection}", "--Peer:Pool=4",
                $"--Policies:Directory={Path.Combine(AppContext.BaseDirectory, "policies")}",
            $"--Gateway:GrpcAddress=127.0.0.1:{port}", "--Gateway:HttpAddress=127.0.0.1:0", "--Gateway:Insecure=true",
                "--Logging:LogLevel:Default=Error",
        ]);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
