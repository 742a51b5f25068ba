using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>
/// A silo with keys of the agency and of hospitals, and one person with settlements at both. It is noon of 1 June 2026 in China.
/// </summary>
internal sealed class ConsoleScene : IAsyncDisposable
{
    public const string Person = "210100198005200011";
    public const string Own = "H210100001";
    public const string Other = "H210100002";

    private ConsoleScene(TestSilo silo, SettableMoment clock, string keyPath)
    {
        Silo = silo;
        Clock = clock;
        KeyPath = keyPath;
    }

    public TestSilo Silo { get; }

    public SettableMoment Clock { get; }

    public string KeyPath { get; }

    public required string AgencyKey { get; init; }

    public required string FacilityKey { get; init; }

    /// <summary>Key of a third hospital, of which everything is registered: level 2, Chinese medicine, in the city.</summary>
    public required string RegisteredKey { get; init; }

    /// <summary>A stay of 80,000 yuan at the first hospital: the pooled fund, serious illness and both tiers of assistance pay.</summary>
    public SettlementResult OwnSettlement { get; private set; } = null!;

    /// <summary>A later stay at the second hospital.</summary>
    public SettlementResult OtherSettlement { get; private set; } = null!;

    public static async Task<ConsoleScene> StartAsync(params string[] settings)
    {
        string keyPath = Path.Combine(Path.GetTempPath(), $"keys-{Guid.NewGuid():N}.json");
        KeyFile file = new();
        (string agencyKey, file) = file.Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        (string facilityKey, file) = file.Add(Role.Facility, new RegisteredFacility { Code = Own }, DateTimeOffset.UnixEpoch);
        RegisteredFacility registered = new()
        {
            Code = "H210104003", Level = "LEVEL_2", Kind = "TCM", Division = "210104", Designated = true, AssistanceDesignated = false,
        };
        (string registeredKey, file) = file.Add(Role.Facility, registered, DateTimeOffset.UnixEpoch);
        file.Write(keyPath);
        SettableMoment clock = new("2026-06-01T12:00:00+08:00");
        TestSilo silo = await TestSilo.StartAsync(clock, [.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={keyPath}", .. settings]);
        ConsoleScene scene = new(silo, clock, keyPath) { AgencyKey = agencyKey, FacilityKey = facilityKey, RegisteredKey = registeredKey };
        Metadata agency = new() { { "authorization", $"Bearer {agencyKey}" } };
        RegisterRequest register = Requests.Register(Person, Requests.Group(Membership.Types.Group.MinimumLivingAllowance));
        register.RequestId = "reg-1";
        await silo.Enrolment.RegisterAsync(register, agency);
        Claim first = Requests.Inpatient(8_000_000, Own);
        first.Totals =
            new Totals { Total = 8_300_000, SelfFunded = 100_000, OverLimit = 50_000, PreSelfPay = 150_000, InScope = 8_000_000 };
        scene.OwnSettlement = (await silo.Settlement.SettleAsync(Requests.Settle(Person, "r1", first), agency)).Result;
        Claim second = Requests.Inpatient(1_000_000, Other, "2026-04-10");
        second.AdmissionDate = "2026-04-02";
        scene.OtherSettlement = (await silo.Settlement.SettleAsync(Requests.Settle(Person, "r2", second), agency)).Result;
        return scene;
    }

    /// <summary>A browser that nobody has signed in with.</summary>
    public ConsoleVisitor Visitor() => new(Silo.HttpAddress);

    /// <summary>A browser signed in with a key.</summary>
    public async Task<ConsoleVisitor> SignedInAsync(string key)
    {
        ConsoleVisitor visitor = Visitor();
        using HttpResponseMessage answer = await visitor.SubmitAsync("/console/sign-in", "/console/sign-in", ("key", key));
        Assert.Equal("/console", answer.Headers.Location?.OriginalString);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        File.Delete(KeyPath);
    }
}
