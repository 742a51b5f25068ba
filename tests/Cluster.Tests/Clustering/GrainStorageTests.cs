using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using Settlement.Contract;
using Settlement.Silo.Clustering;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Clustering;

/// <summary>What grains rely on when the runtime keeps their state; the same source on Orleans and on its stand-in.</summary>
public sealed class GrainStorageTests
{
    // Configurators of a test cluster have no arguments; the flow of the test carries the store to them.
    private static readonly AsyncLocal<ClusterStore> Store = new();

    public static TheoryData<bool> Stores => [true, false];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_state_outlives_its_silo(bool postgres)
    {
        Store.Value = await NewStoreAsync(postgres);
        await using (TestCluster first = await DeployAsync())
        {
            Assert.Equal("", await Note(first).Read());
            await Note(first).Write("one");
        }

        await using TestCluster second = await DeployAsync();

        Assert.Equal("one", await Note(second).Read());
        await Note(second).Clear();
        Assert.Equal("", await Note(second).Read());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Of_two_activations_the_one_that_has_not_seen_the_newest_version_is_refused_and_ends(bool postgres)
    {
        Store.Value = await NewStoreAsync(postgres);
        await using TestCluster one = await DeployAsync();
        await using TestCluster other = await DeployAsync();
        await Note(one).Write("one");
        Assert.Equal("one", await Note(other).Read());
        await Note(one).Write("two");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Note(other).Write("three"));

        Assert.Equal("two", await Note(other).Read());
        await Note(other).Write("three");
        await Assert.ThrowsAsync<InconsistentStateException>(() => Note(one).Clear());
    }

    [Fact]
    public async Task A_silo_whose_storage_has_no_tables_does_not_start()
    {
        Store.Value = new ClusterStore(true, await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());

        await Assert.ThrowsAnyAsync<Exception>(DeployAsync);
    }

    [Fact]
    public void A_state_of_a_newer_version_is_read_without_what_is_not_known()
    {
        FacilityRecord? read = new ProtobufStateSerializer().Deserialize<FacilityRecord>(new BinaryData("""{"version": 3, "inventedLater": true}"""));

        Assert.Equal(3, read!.Version);
    }

    private static async Task<ClusterStore> NewStoreAsync(bool postgres)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "registry.db");
        ClusterStore store = postgres
            ? new(true, await (await PostgresServer.SharedAsync()).CreateDatabaseAsync())
            : new(false, new SqliteConnectionStringBuilder { DataSource = path }.ToString());
        await store.InitialiseAsync();
        return store;
    }

    private static async Task<TestCluster> DeployAsync()
    {
        TestClusterBuilder builder = new(1);
        builder.AddSiloBuilderConfigurator<WithStorage>();
        builder.AddClientBuilderConfigurator<WithProtobuf>();
        TestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private static INoteGrain Note(TestCluster cluster) => cluster.GrainFactory.GetGrain<INoteGrain>("note/1");

    private sealed class WithProtobuf : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) =>
            clientBuilder.Services.AddSerializer(serializer => serializer.AddProtobufSerializer());
    }

    private sealed class WithStorage : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            ClusterStore store = Store.Value!;
            siloBuilder.Configure<ClusterOptions>(options => options.ServiceId = "settlement");
            siloBuilder.Services.AddSerializer(serializer => serializer.AddProtobufSerializer());
            if (store.IsPostgres)
            {
                siloBuilder.AddAdoNetGrainStorage(NoteGrain.Storage, options =>
                {
                    options.Invariant = "Npgsql";
                    options.ConnectionString = store.ConnectionString;
                    options.GrainStorageSerializer = new ProtobufStateSerializer();
                });
            }
            else
            {
                siloBuilder.Services.AddKeyedSingleton<IGrainStorage>(
                    NoteGrain.Storage, (_, _) =>
                        new SqliteGrainStorage(store.ConnectionString, "settlement", new ProtobufStateSerializer()));
            }
        }
    }
}

/// <summary>A grain that keeps a text.</summary>
[Alias("settlement.test.note")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("read")]
    Task<string> Read();

    [Alias("write")]
    Task Write(string text);

    [Alias("clear")]
    Task Clear();
}

/// <summary>Holds what it read when it was activated; only the storage can tell it that another has written.</summary>
public sealed class NoteGrain([PersistentState("note", NoteGrain.Storage)] IPersistentState<ContractPeriod> state) : Grain, INoteGrain
{
    public const string Storage = "notes";

    public Task<string> Read() => Task.FromResult(state.State.From);

    public Task Write(string text)
    {
        state.State.From = text;
        return state.WriteStateAsync();
    }

    public Task Clear() => state.ClearStateAsync();
}
