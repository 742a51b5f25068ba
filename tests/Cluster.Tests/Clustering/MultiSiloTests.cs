using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.GatewayHost;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Clustering;

/// <summary>Three silos that are one cluster, with membership in PostgreSQL, and a gateway that is only a client of theirs.</summary>
public sealed class MultiSiloTests : IAsyncLifetime
{
    private const int Persons = 60;
    private readonly List<TestSilo> silos = [];
    private string database = "";

    public async Task InitializeAsync() => database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        foreach (TestSilo silo in silos) await silo.DisposeAsync();
    }

    [MultiSiloFact]
    public async Task A_silo_that_stops_hands_over_and_no_settlement_sent_again_by_its_request_id_fails()
    {
        silos.AddRange(await SiloCluster.StartAsync(database, 3));
        for (int person = 0; person < Persons; person++) await silos[0].Enrolment.RegisterAsync(Requests.Register($"P{person}"));
        int stopAt = Persons / 3;
        Task stopping = Task.CompletedTask;

        for (int person = 0; person < Persons; person++)
        {
            if (person == stopAt) stopping = silos[2].DisposeAsync().AsTask();
            await SettleUntilAnsweredAsync(silos[person % 2], Requests.Settle($"P{person}", $"r{person}", Requests.Inpatient(4_000_000)));
        }

        await stopping;
        silos.RemoveAt(2);
        for (int person = 0; person < Persons; person++)
            Assert.Equal(2, (await silos[1].Settlement.GetAccountAsync(new GetAccountRequest { Person = $"P{person}" })).Sequence);
        await Audits.AssertSoundAsync(silos[1]);
    }

    [MultiSiloFact]
    public async Task A_gateway_of_its_own_finds_the_silos_and_serves_all_of_them()
    {
        silos.AddRange(await SiloCluster.StartAsync(database, 2));
        await using WebApplication gateway = GatewayProcess.Build(
        [
            $"--Cluster:ConnectionString={database}", "--Gateway:GrpcAddress=127.0.0.1:0", "--Gateway:HttpAddress=127.0.0.1:0",
                "--Gateway:Insecure=true",
            "--Cluster:ResponseTimeout=00:00:05", "--Logging:LogLevel:Default=Error",
        ]);
        await gateway.StartAsync();
        string[] addresses = [.. gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        using GrpcChannel channel = GrpcChannel.ForAddress(addresses[0]);
        using HttpClient http = new() { BaseAddress = new Uri(addresses[1]) };

        Enrolment.EnrolmentClient enrolment = new(channel);
        Contract.Settlement.SettlementClient settlement = new(channel);
        for (int person = 0; person < 10; person++)
        {
            await enrolment.RegisterAsync(Requests.Register($"P{person}"));
            await settlement.SettleAsync(Requests.Settle($"P{person}", $"r{person}", Requests.Inpatient(4_000_000)));
        }

        FacilityRecord registered = await new Facilities.FacilitiesClient(channel).RegisterFacilityAsync(
            new RegisterFacilityRequest { Facility = Requests.Hospital("H210100001") });
        Assert.Equal(1, registered.Version);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
        await Refused.With(
            "PERSON_NOT_REGISTERED", Grpc.Core.StatusCode.NotFound,
            settlement.GetAccountAsync(new GetAccountRequest { Person = "Nobody" }));
        foreach (TestSilo silo in silos) await silo.DisposeAsync();
        silos.Clear();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/ready")).StatusCode);
        await gateway.StopAsync();
    }

    [MultiSiloFact]
    public async Task Silos_behind_mapped_ports_are_reached_under_those_that_they_advertise()
    {
        List<CuttingProxy> maps = [];
        try
        {
            silos.AddRange(await SiloCluster.StartAsync(database, 2, listening =>
            {
                CuttingProxy map = new(listening);
                maps.Add(map);
                return map.Port;
            }));
            // Some of them live on the other silo.
            for (int person = 0; person < 10; person++) await silos[0].Enrolment.RegisterAsync(Requests.Register($"P{person}"));

            Assert.Equal(maps.Select(static map => map.Port).Order(), (await AdvertisedPortsAsync()).Order());
            await using WebApplication gateway = GatewayProcess.Build(
            [
                $"--Cluster:ConnectionString={database}", "--Gateway:GrpcAddress=127.0.0.1:0", "--Gateway:HttpAddress=127.0.0.1:0",
                    "--Gateway:Insecure=true", "--Logging:LogLevel:Default=Error",
            ]);
            await gateway.StartAsync();
            IServerAddressesFeature addresses = gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
            using HttpClient http = new() { BaseAddress = new Uri(addresses.Addresses.Last()) };
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
            await gateway.StopAsync();
        }
        finally
        {
            foreach (TestSilo silo in silos) await silo.DisposeAsync();
            silos.Clear();
            foreach (CuttingProxy map in maps) await map.DisposeAsync();
        }
    }

    private async Task<List<int>> AdvertisedPortsAsync()
    {
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("SELECT unnest(ARRAY[port, proxy_port]) FROM orleans_silo", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<int> ports = [];
        while (await reader.ReadAsync()) ports.Add(reader.GetInt32(0));
        return ports;
    }

    /// <summary>As documented: what is unknown or busy is sent again with the same request id.</summary>
    private static async Task SettleUntilAnsweredAsync(TestSilo silo, SettleRequest request)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await silo.Settlement.SettleAsync(request.Clone(), cancellationToken: patience.Token);
                return;
            }
            catch (Grpc.Core.RpcException error)
                when (error.StatusCode is Grpc.Core.StatusCode.Unavailable or Grpc.Core.StatusCode.ResourceExhausted)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
