using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Settlement.Fuzz.Inputs;

namespace Settlement.Fuzz.Targets;

/// <summary>gRPC calls over sound HTTP/2: changed messages, changed prefixes, changed headers.</summary>
internal sealed class GrpcTarget(Samples samples, string address, string key) : ITarget, IDisposable
{
    private const int Prefix = 5;
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });

    public string Name => "grpc";

    public int Share => 30;

    public int AtOnce => 32;

    public async Task<string?> TryAsync(Chance chance, CancellationToken patience)
    {
        MethodDescriptor method = chance.Of(samples.Methods);
        using HttpRequestMessage request = new(
            HttpMethod.Post, $"{address}/{method.Service.FullName}/{method.Name}{(chance.OneIn(50) ? "X" : "")}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Body(method, chance)),
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("traceparent", chance.TraceParent);
        if (chance.OneIn(3)) request.Headers.TryAddWithoutValidation("authorization", $"Bearer {(chance.OneIn(8) ? "sk_0" : key)}");
        if (chance.OneIn(20))
            request.Headers.TryAddWithoutValidation(
                "grpc-timeout", chance.Of(["0n", "1u", "99999999H", "-1S", "abc", "100000000S", "10S"]));
        if (chance.OneIn(20)) request.Headers.TryAddWithoutValidation("grpc-encoding", chance.Of(["gzip", "identity", "deflate", "x"]));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(chance.OneIn(30) ? "text/plain" : chance.OneIn(30)
            ? "application/grpc+proto"
            : "application/grpc");
        using HttpResponseMessage response = await client.SendAsync(request, patience);
        byte[] body = await Answers.ReadAsync(method, response, static answer => answer.Length >= Prefix, patience);
        if (response.StatusCode is HttpStatusCode.UnsupportedMediaType or HttpStatusCode.NotFound) return null; // it was no gRPC request
        if (response.StatusCode != HttpStatusCode.OK) return $"{method.FullName}: HTTP status {(int)response.StatusCode}";
        if (Answers.GoesOn(method) && body.Length > 0) return null;
        return Judge(
            method, body, Field(response, "grpc-status"), Field(response, "grpc-message"), Field(response, "grpc-status-details-bin"));
    }

    public void Dispose() => client.Dispose();

    private byte[] Body(MethodDescriptor method, Chance chance)
    {
        IMessage message = samples.Request(method, chance);
        if (!chance.OneIn(10)) MessageMutator.Change(message, chance);
        byte[] bytes = message.ToByteArray();
        if (chance.OneIn(3)) bytes = ByteMutator.Change(bytes, chance);
        byte[] framed = new byte[Prefix + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), bytes.Length);
        bytes.CopyTo(framed, Prefix);
        return chance.OneIn(15) ? ByteMutator.Change(framed, chance) : framed;
    }

    private static string? Judge(MethodDescriptor method, byte[] body, string? status, string? message, string? details)
    {
        if (!int.TryParse(status, out int code)) return $"{method.FullName}: no gRPC status";
        if (code == 0)
        {
            if (!method.IsServerStreaming) method.OutputType.Parser.ParseFrom(body, Prefix, body.Length - Prefix);
            return null;
        }

        if ((StatusCode)code is StatusCode.Internal or StatusCode.Unknown) return $"{method.FullName}: {(StatusCode)code} {message}";
        // What a deadline ends, gRPC ends by itself.
        if ((StatusCode)code is StatusCode.DeadlineExceeded or StatusCode.Cancelled) return null;
        if (details is null) return $"{method.FullName}: {(StatusCode)code} without details: {message}";
        ErrorInfo? info = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')))
            .GetDetail<ErrorInfo>();
        return info is { Reason.Length: > 0, Domain: "settlement.v1" } ? null : $"{method.FullName}: {(StatusCode)code} without ErrorInfo";
    }

    private static string? Field(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? trailer) ? trailer.First()
        : response.Headers.TryGetValues(name, out IEnumerable<string>? header) ? header.First()
        : null;
}
