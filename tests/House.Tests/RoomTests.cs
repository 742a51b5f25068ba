using System.Xml.Linq;

namespace Settlement.House.Tests;

/// <summary>Who may use whom. A room that reaches further than this has lost its shape.</summary>
public sealed class RoomTests
{
    public static TheoryData<string, string[]> Rooms => new()
    {
        { "Policy", [] },
        { "Ledger", [] },
        { "Grains.Abstractions", [] },
        { "Grains", ["Grains.Abstractions", "Ledger", "Policy"] },
        { "Gateway", ["Grains.Abstractions"] },
        { "GatewayHost", ["Gateway", "Telemetry"] },
        { "Telemetry", [] },
        { "WebConsole", ["Gateway", "Grains.Abstractions"] },
        { "Silo", ["Gateway", "Grains", "Telemetry", "WebConsole"] },
        { "Cli", ["Grains.Abstractions", "Ledger", "Policy"] },
        { "Client", [] },
    };

    public static TheoryData<string, string[]> Packages => new()
    {
        { "Policy", ["YamlDotNet"] },
        { "Ledger", ["Microsoft.Data.Sqlite", "Npgsql", "SQLitePCLRaw.bundle_e_sqlite3"] },
        { "Grains.Abstractions", ["Grpc.Tools"] },
        { "Grains", [] },
        { "Gateway", [] },
        { "GatewayHost", ["Npgsql"] },
        { "Telemetry", ["OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol"] },
        { "WebConsole", [] },
        { "Silo", [] },
        { "Cli", ["System.CommandLine"] },
        { "Client", ["Grpc.Tools"] },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_it_may(string room, string[] allowed)
    {
        IEnumerable<string> used = Project(room).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Empty(used.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_room_uses_only_the_packages_it_may(string room, string[] allowed)
    {
        IEnumerable<string> used = Project(room).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);
        Assert.Empty(used.Except(allowed));
    }

    [Fact]
    public void Every_room_is_known_here() =>
        Assert.Equal(
            Rooms.Select(row => (string)row[0]).Order(),
            Directory.GetDirectories(Path.Combine(House.Root, "src")).Select(Path.GetFileName).Order());

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = House.Read("Settlement.Cluster.sln").Replace('\\', '/');
        string[] missing = [.. new[] { "src", "compat", "tests", "load", "samples" }
            .SelectMany(folder => House.Files(folder, "*.csproj"))
            .Select(file => House.Name(file).Replace('\\', '/'))
            .Where(name => !solution.Contains(name))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Rules_and_contract_have_one_word_for_the_agency() =>
        Assert.Equal(Settlement.Policy.Reversals.Agency, Settlement.Identity.Origins.Agency);

    private static XDocument Project(string room) => XDocument.Load(Path.Combine(House.Root, "src", room, room + ".csproj"));
}
