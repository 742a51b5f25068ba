using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Settlement.Fuzz.Inputs;

namespace Settlement.Fuzz.Targets;

/// <summary>JSON over HTTP/1.1: changed messages and changed texts.</summary>
internal sealed class JsonTarget(Samples samples, string address, string key) : ITarget, IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 32 });

    public string Name => "json";

    public int Share => 25;

    public int AtOnce => 32;

    public async Task<string?> TryAsync(Chance chance, CancellationToken patience)
    {
        MethodDescriptor method = chance.Of(samples.Methods);
        IMessage message = samples.Request(method, chance);
        if (!chance.OneIn(10)) MessageMutator.Change(message, chance);
        byte[] body = Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message));
        if (chance.OneIn(2)) body = ByteMutator.Change(body, chance);
        using HttpRequestMessage request = new(
            HttpMethod.Post, $"{address}/v1/{method.Service.Name}/{method.Name}{(chance.OneIn(50) ? "/x" : "")}")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("traceparent", chance.TraceParent);
        if (chance.OneIn(3)) request.Headers.TryAddWithoutValidation("authorization", $"Bearer {(chance.OneIn(8) ? "sk_0" : key)}");
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience);
        string text = Encoding.UTF8.GetString(
            await Answers.ReadAsync(method, response, static answer => answer.Span.Contains((byte)'\n'), patience));
        if (Answers.GoesOn(method) && response.IsSuccessStatusCode) text = text.Split('\n')[0];
        int status = (int)response.StatusCode;
        if (status == 200) return Shaped(text, "") ? null : $"{method.FullName}: 200 with a body that is no JSON";
        if (status is >= 500 and not (501 or 503 or 504)) return $"{method.FullName}: HTTP status {status}: {text}";
        return Shaped(text, "reason") ? null : $"{method.FullName}: HTTP status {status} without a reason: {text}";
    }

    public void Dispose() => client.Dispose();

    private static bool Shaped(string text, string detail)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return detail.Length == 0 || document.RootElement.GetProperty("details")[0].GetProperty(detail).GetString() is { Length: > 0 };
        }
        catch (Exception error)
            when (error is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return false;
        }
    }
}
