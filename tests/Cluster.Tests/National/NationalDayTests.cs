using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Settlement.Cluster.Tests.Support;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.National;

/// <summary>
/// A hospital's day in the messages of the national interface, in <c>day/</c>: what is sent, how it is delivered, and beside it what is
/// answered, byte for byte. In <c>unclassed-day/</c> the hospital leaves classes, shares and limits to the catalogue, of which a step says
/// what the agency records meanwhile.
/// <c>UPDATE_GOLDEN=1</c> writes the answers anew, to be read before they are committed.
/// </summary>
public sealed class NationalDayTests
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("day")]
    [InlineData("unclassed-day")]
    public async Task A_day_on_sqlite(string day) => await PlayAsync(day, await TestLedgers.SqliteAsync());

    [Theory]
    [InlineData("day")]
    [InlineData("unclassed-day")]
    public async Task A_day_on_postgres(string day) => await PlayAsync(day, await TestLedgers.PostgresAsync());

    private static async Task PlayAsync(string day, string[] ledger)
    {
        await using NationalSilo silo = await NationalSilo.StartAsync(ledger);
        await using CuttingProxy proxy = new(new Uri(silo.Silo.HttpAddress).Port);
        foreach (string file in Directory.EnumerateFiles(Folder(day), "*.json")
            .Where(file => !file.EndsWith(".answer.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using JsonDocument step = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            if (step.RootElement.TryGetProperty("record", out JsonElement rows))
            {
                foreach (JsonElement row in rows.EnumerateArray()) await silo.RecordAsync(row.GetRawText());
                continue;
            }

            string message = step.RootElement.GetProperty("send").GetRawText();
            switch (step.RootElement.GetProperty("delivery").GetString())
            {
                case "answered":
                    Golden(file, (await silo.SendAsync(message)).Body);
                    break;
                case "answer lost":
                    await SendAndLoseAsync(proxy, Cut.BeforeAnswer, silo.Key, message);
                    break;
                case "request lost":
                    await SendAndLoseAsync(proxy, Cut.BeforeRequest, silo.Key, message);
                    break;
                default:
                    Assert.Fail($"{file}: a delivery nobody knows");
                    break;
            }
        }

        await Audits.AssertSoundAsync(silo.Silo);
    }

    private static async Task SendAndLoseAsync(CuttingProxy proxy, Cut where, string key, string message)
    {
        // One connection for one message: whatever the client's pool does, the cut falls on it.
        using SocketsHttpHandler handler = new() { PooledConnectionLifetime = TimeSpan.Zero };
        using HttpClient client = new(handler) { BaseAddress = new Uri($"http://127.0.0.1:{proxy.Port}") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Task cut = proxy.Arm(where);
        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.PostAsync("/national", new StringContent(message, Encoding.UTF8, "application/json")));
        await cut;
    }

    private static void Golden(string file, string body)
    {
        string answer = Path.ChangeExtension(file, ".answer.json");
        string actual = body.StartsWith('{') ? JsonSerializer.Serialize(JsonNode.Parse(body), Indented) + "\n" : body;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(answer, actual);
        Assert.True(File.Exists(answer), $"{Path.GetFileName(answer)} is missing");
        Assert.Equal(File.ReadAllText(answer), actual);
    }

    private static string Folder(string day, [CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, day);
}
