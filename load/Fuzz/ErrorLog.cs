using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Settlement.Fuzz.Inputs;

namespace Settlement.Fuzz;

/// <summary>
/// The server's log, of which lines at Error or Critical, and those that tell of a status INTERNAL or UNKNOWN, are findings. A line that
/// carries the trace of a request names its input. Of another it is known only which inputs were under way when it came: the range names
/// them.
/// </summary>
internal sealed partial class ErrorLog
{
    private const int MostLines = 8;

    private static readonly string[] NoMessage =
    [
        "'Incomplete message.'", "'Additional data after the message received.'",
        " in message header.'", "grpc-encoding value with compressed message.'",
    ];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Found> found = [];

    /// <summary>Which inputs are under way; null between targets.</summary>
    public Flight? Flight { private get; set; }

    /// <summary>Takes a line of the log, in the JSON of ASP.NET Core's console.</summary>
    public void Take(string line)
    {
        if (Parse(line) is not { } error) return;
        Flight? flight = Flight;
        string inputs = Trace().Match(line) is { Success: true } trace
            ? $"{Chance.NumberOf(trace.Value)}"
            : flight?.Range() ?? "";
        lock (gate)
        {
            if (!found.TryGetValue(error.Kind, out Found? first))
                found.Add(error.Kind, first = new Found(error.Text, flight?.Target, inputs));
            first.Times++;
        }
    }

    /// <summary>What was found since the last call, each kind of line once, with what repeats the first.</summary>
    public IReadOnlyList<string> Findings(int seed)
    {
        lock (gate)
        {
            string[] findings = [.. found.Values.Select(one => string.Create(CultureInfo.InvariantCulture,
                $"the server's log, {one.Times} times: {one.Text}\n  {Repeat(one, seed)}"))];
            found.Clear();
            return findings;
        }
    }

    private static string Repeat(Found one, int seed) => one.Target is null || one.Inputs.Length == 0
        ? "no input was under way"
        : $"repeat: settlement fuzz --targets {one.Target} --seed {seed} --only {one.Inputs}";

    private static (string Kind, string Text)? Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            string level = Text(root, "LogLevel");
            bool isFault = root.TryGetProperty("State", out JsonElement state) && Text(state, "StatusCode") is "Internal" or "Unknown";
            if (level is not ("Error" or "Critical") && !isFault) return null;
            if (IsOfTheSender(root)) return null;
            string text = $"{level} {Text(root, "Category")}: {Text(root, "Message")}\n{Text(root, "Exception")}";
            // One kind is one message of one place, whatever its figures are.
            string kind = $"{Text(root, "Category")} {Text(root, "EventId")} {Text(root, "Exception").Split('\n')[0]}";
            return (kind, string.Join('\n', text.TrimEnd().Split('\n').Take(MostLines)));
        }
        catch (JsonException)
        {
            // Not a line of the log: what a program prints beside it.
            return null;
        }
    }

    /// <summary>
    /// Whether the gRPC library says that bytes are no message. It reads them before the product does, answers whoever sent them, and logs
    /// it as an error of its own.
    /// </summary>
    private static bool IsOfTheSender(JsonElement line) =>
        Text(line, "Category").StartsWith("Grpc.", StringComparison.Ordinal)
        && (Text(line, "Exception").StartsWith("Google.Protobuf.InvalidProtocolBufferException:", StringComparison.Ordinal)
            || NoMessage.Any(detail => Text(line, "Message").Contains(detail, StringComparison.Ordinal)));

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";

    [GeneratedRegex($"(?<=\"TraceId\":\"){Chance.TracePrefix}[0-9a-f]+(?=\")")]
    private static partial Regex Trace();

    private sealed record Found(string Text, string? Target, string Inputs)
    {
        public int Times { get; set; }
    }
}
