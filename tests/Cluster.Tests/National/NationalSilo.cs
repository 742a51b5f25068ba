using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Settlement.Cluster.Tests.Support;
using Settlement.Identity;

namespace Settlement.Cluster.Tests.National;

/// <summary>
/// A silo on an afternoon of March 2026 with two registered persons and one hospital, spoken to by the national interface.
/// </summary>
internal sealed class NationalSilo : IAsyncDisposable
{
    public const string Hospital = "H21010200002";
    public const string Inpatient = "210100198506151238";
    public const string Outpatient = "P20250002";

    private readonly string keyPath;
    private readonly HttpClient http;

    private NationalSilo(TestSilo silo, string keyPath, global::Grpc.Core.Metadata agency, string key, string otherKey)
    {
        (Silo, Agency) = (silo, agency);
        this.keyPath = keyPath;
        (Key, OtherKey) = (key, otherKey);
        http = new HttpClient { BaseAddress = new Uri(silo.HttpAddress) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    public TestSilo Silo { get; }

    /// <summary>The agency's key, as calls carry it.</summary>
    public global::Grpc.Core.Metadata Agency { get; }

    /// <summary>The hospital's key.</summary>
    public string Key { get; }

    /// <summary>The key of another hospital.</summary>
    public string OtherKey { get; }

    public static async Task<NationalSilo> StartAsync(string[] ledger, params string[] settings)
    {
        string keyPath = Path.Combine(Path.GetTempPath(), $"keys-{Guid.NewGuid():N}.json");
        DateTimeOffset made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        (string agency, KeyFile keys) = new KeyFile().Add(Role.Agency, null, made);
        (string hospital, keys) = keys.Add(Role.Facility, Registered(Hospital), made);
        (string other, keys) = keys.Add(Role.Facility, Registered("H21010200003"), made);
        keys.Write(keyPath);
        TestSilo silo = await TestSilo.StartAsync(
            new FixedMoment("2026-03-10T16:00:00+08:00"),
            [.. ledger, $"Gateway:KeyFile={keyPath}", "Gateway:National:Diagnoses:I21=LISTED_CRITICAL_DISEASE", .. settings]);
        global::Grpc.Core.Metadata asAgency = new() { { "authorization", $"Bearer {agency}" } };
        Settlement.Contract.RegisterRequest first = Requests.Register(Inpatient);
        first.BirthDate = "1985-06-15";
        await silo.Enrolment.RegisterAsync(first, asAgency);
        await silo.Enrolment.RegisterAsync(Requests.Register(Outpatient), asAgency);
        return new NationalSilo(silo, keyPath, asAgency, hospital, other);
    }

    /// <summary>Sends a message and gives the body of the answer; of a file in a ZIP, its text.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string message, string? key = null)
    {
        using HttpRequestMessage request = new(
            HttpMethod.Post, "/national") { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        using HttpResponseMessage answer = await http.SendAsync(request);
        if (answer.Content.Headers.ContentType?.MediaType != "application/octet-stream")
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        using ZipArchive archive = new(await answer.Content.ReadAsStreamAsync());
        using StreamReader text = new(Assert.Single(archive.Entries).Open());
        return (answer.StatusCode, await text.ReadToEndAsync());
    }

    /// <summary>Sends a message and gives the answer.</summary>
    public async Task<JsonElement> AskAsync(string message, string? key = null) =>
        JsonDocument.Parse((await SendAsync(message, key)).Body).RootElement;

    /// <summary>Records a row of the catalogue, told as protobuf JSON.</summary>
    public async Task<Settlement.Contract.CatalogueVersion> RecordAsync(string row) =>
        await new Settlement.Contract.Catalogue.CatalogueClient(Silo.Channel()).RecordCatalogueRowAsync(
            new() { Row = Google.Protobuf.JsonParser.Default.Parse<Settlement.Contract.CatalogueRow>(row) }, Agency);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Silo.DisposeAsync();
        File.Delete(keyPath);
    }

    private static RegisteredFacility Registered(string code) => new()
    {
        Code = code, Level = "LEVEL_3", Kind = "GENERAL", Division = "210102", Designated = true, AssistanceDesignated = true,
    };
}
